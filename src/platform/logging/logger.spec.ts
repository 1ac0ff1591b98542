import { createLogger, type LoggerOptions } from './logger.js';
import { requestScope } from './request-scope.js';

/** What a logger writes, line by line. */
const writing = (options: Partial<LoggerOptions> = {}) => {
  const lines: string[] = [];
  const logger = createLogger(
    { level: 'info', pretty: false, ...options },
    { write: (line) => void lines.push(line) },
  );
  const fields = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { logger, lines, fields };
};

describe('writing a log line', () => {
  it('writes one JSON object a line, with the time in ISO 8601 and UTC', () => {
    const { logger, lines, fields } = writing();
    logger.info({ port: 8000 }, 'one');
    logger.warn('two');

    expect(lines.every((line) => line.endsWith('}\n'))).toBe(true);
    expect(fields()).toMatchObject([
      { level: 'info', msg: 'one', port: 8000 },
      { level: 'warn', msg: 'two' },
    ]);
    for (const { time } of fields()) {
      expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    }
  });

  it('keeps to one line whatever breaks a text has in it', () => {
    const { logger, lines, fields } = writing();
    const forged = 'ana\n{"level":"fatal","msg":"made up"}\r\n\u2028\u001b[31m';
    logger.info({ name: forged }, `seen: ${forged}`);

    expect(lines).toHaveLength(1);
    expect(Array.from(lines[0]?.trimEnd() ?? '').filter((letter) => letter < ' ')).toEqual([]);
    expect(fields()).toMatchObject([{ level: 'info', msg: `seen: ${forged}` }]);
  });

  it('writes for a person where that is asked for', () => {
    const { logger, lines } = writing({ pretty: true });
    logger.child({ context: 'Http' }).info({ port: 8000 }, 'ready');

    expect(lines).toEqual([
      expect.stringMatching(/^[\d:.]{12} INFO {2}\[Http\] ready port=8000\n$/),
    ]);
  });

  it('hides for a person what it hides for a machine', () => {
    const { logger, lines } = writing({ pretty: true });
    logger.error({ payer: 'Canary', err: new Error('of 04141234567') }, 'failed');

    expect(lines.join('')).not.toMatch(/Canary|04141234567/);
    expect(lines.join('')).toContain('Error: of [redacted]\n    at ');
  });

  it('leaves out what is less severe than the level', () => {
    const { logger, fields } = writing({ level: 'warn' });
    logger.info('unheard');
    logger.debug('unheard');
    logger.error('heard');

    expect(fields().map(({ msg }) => msg)).toEqual(['heard']);
  });

  it('writes an error with where it came from and the chain of its causes', () => {
    const { logger, fields } = writing();
    const innermost = Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' });
    const cause = new TypeError('no answer', { cause: innermost });
    logger.error({ err: new Error('append failed', { cause }) }, 'gave up');

    expect(fields()[0]).toMatchObject({
      msg: 'gave up',
      err: {
        type: 'Error',
        message: 'append failed',
        stack: expect.stringContaining('logger.spec') as string,
        cause: {
          type: 'TypeError',
          message: 'no answer',
          cause: { message: 'connect refused', code: 'ECONNREFUSED' },
        },
      },
    });
  });

  it('names the request and the trace on every line of its work, of children and of what it awaits', async () => {
    const { logger, fields } = writing();
    const child = logger.child({ context: 'Worker' });
    await requestScope.run({ request_id: 'order-42', trace_id: 'a'.repeat(32) }, async () => {
      logger.info('begins');
      await Promise.resolve();
      child.info('goes on');
    });
    logger.info('of nobody');

    expect(fields()).toMatchObject([
      { request_id: 'order-42', trace_id: 'a'.repeat(32) },
      { request_id: 'order-42', trace_id: 'a'.repeat(32), context: 'Worker' },
      { msg: 'of nobody' },
    ]);
    expect(fields()[2]).not.toHaveProperty('request_id');
  });
});
