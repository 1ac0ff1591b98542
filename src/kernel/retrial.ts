import type { Event } from './event.js';
import type { Decision } from './rejection.js';

/** A recorded event, and the state in which it was decided. */
export interface RecordedStep<State, E extends Event> {
  readonly before: State;
  readonly event: E;
}

/**
 * Puts the question of a recorded event to the rules once more, with what the event itself says was asked. Sound
 * history is answered with that very event; anything else was not decided by these rules in this state. `previous` is
 * the step before in the same stream: one decision may have written both.
 */
export type Retrial<State, E extends Event> = (
  step: RecordedStep<State, E>,
  previous: RecordedStep<State, E> | null,
) => Decision<E>;
