import { createLogger, vettedLogger } from './logger.js';
import { LogLevelSwitch } from './log-level-switch.js';

const started = (level: string, switchedTo: string) => {
  const lines: string[] = [];
  const logger = createLogger({ level, pretty: false }, { write: (line) => void lines.push(line) });
  const vetted = vettedLogger(logger);
  const said = () => lines.splice(0).map((line) => (JSON.parse(line) as { msg: string }).msg);
  return { logger, vetted, said, level: new LogLevelSwitch(logger, switchedTo) };
};

describe('changing the level of a running process', () => {
  it('says more after the first time and less after the second', () => {
    const { logger, said, level } = started('warn', 'debug');
    logger.debug('unheard');
    expect(level.toggle()).toBe('debug');
    logger.debug('heard');
    expect(level.level).toBe('debug');
    expect(level.toggle()).toBe('warn');
    logger.info('unheard again');

    expect(said()).toEqual(['log level changes', 'heard', 'log level changes']);
  });

  it('is seen in the log even where warnings were not', () => {
    const { said, level } = started('error', 'info');
    level.toggle();
    level.toggle();

    expect(said()).toEqual(['log level changes', 'log level changes']);
  });

  it('takes the lines about requests along, in both directions', () => {
    const { vetted, said, level } = started('warn', 'info');
    level.toggle();
    vetted.info({ status: 200 }, 'answered');
    level.toggle();
    vetted.info({ status: 200 }, 'answered again');

    expect(said()).toEqual(['log level changes', 'answered', 'log level changes']);
  });
});
