import type { Logger } from 'pino';

/** Changes how much a running process logs: between the configured level and another, and back. */
export class LogLevelSwitch {
  private readonly configured: string;

  constructor(
    private readonly logger: Logger,
    private readonly switchedTo: string,
  ) {
    this.configured = logger.level;
  }

  get level(): string {
    return this.logger.level;
  }

  /** The level from here on. It is logged as a warning, so that a gap in the log has its reason beside it. */
  toggle(): string {
    const level = this.level === this.configured ? this.switchedTo : this.configured;
    // Said before where warnings are logged, otherwise after, or the line would be lost itself.
    const wasHeard = this.logger.isLevelEnabled('warn');
    if (wasHeard) this.logger.warn({ log_level: level }, 'log level changes');
    this.logger.level = level;
    if (!wasHeard) this.logger.warn({ log_level: level }, 'log level changes');
    return level;
  }
}
