import { defineEvent, type Event } from '../../kernel/event.js';

/** Somebody had the payer's data erased: its keys are deleted, here and again after every restore. Masks stay. */
export interface PersonalDataErased {
  /** The data keys of the submission and of every correction. */
  readonly keyIds: readonly string[];
  readonly erasedBy: string;
  readonly reason: string;
  readonly erasedAt: string;
}

export const personalDataErased = defineEvent<PersonalDataErased>()('PersonalDataErased.v1');
export type PersonalDataErasedEvent = Event<'PersonalDataErased.v1', PersonalDataErased>;
