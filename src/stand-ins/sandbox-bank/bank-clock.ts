import { Clock } from '../../kernel/clock.js';

const CARACAS_OFFSET_MS = -4 * 3_600_000;

/** The bank's wall clock, which an admin call can set; durations stay those of the machine. */
export class BankClock extends Clock {
  private offsetMs = 0;

  constructor(private readonly source: Clock) {
    super();
  }

  now(): Date {
    return new Date(this.source.now().getTime() + this.offsetMs);
  }

  monotonicMs(): number {
    return this.source.monotonicMs();
  }

  get offset(): number {
    return this.offsetMs;
  }

  /** Time goes on from the new instant. */
  moveBy(ms: number): void {
    this.offsetMs += ms;
  }

  moveTo(instant: Date): void {
    this.moveBy(instant.getTime() - this.now().getTime());
  }

  /** The time of day on a wall in Caracas, `HH:MM`. */
  localTime(): string {
    return new Date(this.now().getTime() + CARACAS_OFFSET_MS).toISOString().slice(11, 16);
  }
}

/** Whether a time of day lies in the hours from one to another, which may cross midnight. */
export const isWithinHours = (time: string, hours: { from: string; to: string }): boolean =>
  hours.from <= hours.to
    ? time >= hours.from && time < hours.to
    : time >= hours.from || time < hours.to;
