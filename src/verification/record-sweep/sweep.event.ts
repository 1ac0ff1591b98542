import { sweepAnswered, type SweepAnsweredEvent } from './sweep-answered.event.js';
import { sweepStarted, type SweepStartedEvent } from './sweep-started.event.js';

/** Everything that can have happened to the sweeps of an account on a day. */
export type SweepEvent = SweepStartedEvent | SweepAnsweredEvent;

/** For the event catalogue. */
export const sweepEvents = [sweepStarted, sweepAnswered] as const;
