import { defineEvent, type Event } from '../../kernel/event.js';

/** A person undid a binding, with a reason; the movement may be bound again. */
export interface MovementReleased {
  readonly slot: string;
  readonly movementKey: string;
  readonly transactionId: string;
  readonly reason: string;
  readonly releasedBy: string;
  readonly releasedAt: string;
}

export const movementReleased = defineEvent<MovementReleased>()('MovementReleased.v1');
export type MovementReleasedEvent = Event<'MovementReleased.v1', MovementReleased>;
