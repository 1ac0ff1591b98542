import { defineEvent, type Event } from '../../kernel/event.js';

/** The merchant wants the bank asked now: the claim goes before the merchant's others. */
export interface VerificationRequested {
  readonly requestedBy: string;
  readonly requestedAt: string;
}

export const verificationRequested = defineEvent<VerificationRequested>()(
  'VerificationRequested.v1',
);
export type VerificationRequestedEvent = Event<'VerificationRequested.v1', VerificationRequested>;
