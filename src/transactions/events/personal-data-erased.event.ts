import { defineEvent, type Event } from '../../kernel/event.js';

/** Somebody had the payer's data erased: its key is deleted, here and again after every restore. Masks stay. */
export interface PersonalDataErased {
  /** The data key that opens the box of the submission. */
  readonly keyId: string;
  readonly erasedBy: string;
  readonly reason: string;
  readonly erasedAt: string;
}

export const personalDataErased = defineEvent<PersonalDataErased>()('PersonalDataErased.v1');
export type PersonalDataErasedEvent = Event<'PersonalDataErased.v1', PersonalDataErased>;
