import { defineEvent, type Event } from '../../kernel/event.js';

/** A natural key belongs to a claim that was corrected to it; first in the stream that the key itself would give. */
export interface NaturalKeyReserved {
  /** The id of this stream, which thereby is no transaction of its own. */
  readonly reservedKey: string;
  /** The transaction that carries the claim. */
  readonly transactionId: string;
  readonly reservedAt: string;
}

export const naturalKeyReserved = defineEvent<NaturalKeyReserved>()('NaturalKeyReserved.v1');
export type NaturalKeyReservedEvent = Event<'NaturalKeyReserved.v1', NaturalKeyReserved>;
