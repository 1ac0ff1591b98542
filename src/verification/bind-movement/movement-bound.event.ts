import { defineEvent, type Event } from '../../kernel/event.js';

/** The movement now belongs to one transaction; no other may use it. */
export interface MovementBound {
  readonly slot: string;
  readonly movementKey: string;
  readonly transactionId: string;
  readonly merchantId: string;
  readonly externalId: string;
  readonly proposalId: string;
  readonly boundAt: string;
}

export const movementBound = defineEvent<MovementBound>()('MovementBound.v1');
export type MovementBoundEvent = Event<'MovementBound.v1', MovementBound>;
