import type { BankClock } from './bank-clock.js';
import type { Arrival as Room } from './call-window.js';

/** One call with its body, however it came. */
export interface WireCall {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  /** The header `x-api-key`, by which the second bank knows its clients. */
  readonly apiKey?: string | undefined;
  readonly contentType: string;
  /** Null when it was too large to be read. */
  readonly body: string | null;
}

/** What a call met when it arrived, and when that was. */
export interface Arrival extends Room {
  readonly at: string;
}

/** Dates an arrival by the machine's clock, which the limit counts by. */
export const arrivalAt = (clock: BankClock, room: Room): Arrival => ({
  ...room,
  at: new Date(clock.now().getTime() - clock.offset).toISOString(),
});

/** The body as JSON; null where it is none. */
export const parsed = (body: string | null): unknown => {
  try {
    return JSON.parse(body ?? '');
  } catch {
    return null;
  }
};
