import { defineEvent, type Event } from '../../kernel/event.js';
import type { ObservedMovement } from '../../matching/observed-movement.js';

/** The bank showed this row for the first time. */
export interface MovementObserved {
  readonly slot: string;
  readonly movement: ObservedMovement;
  /** The ask whose answer held it. */
  readonly askId: string;
  readonly observedAt: string;
}

export const movementObserved = defineEvent<MovementObserved>()('MovementObserved.v1');
export type MovementObservedEvent = Event<'MovementObserved.v1', MovementObserved>;
