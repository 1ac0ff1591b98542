import { defineEvent, type Event } from '../../kernel/event.js';

/** The bank is about to be asked for an account's movements; written before anything is sent. */
export interface SweepStarted {
  readonly sweepId: string;
  readonly receivingAccountId: string;
  readonly bank: string;
  readonly credentialId: string;
  readonly permitId: string;
  /** The days asked for, both included. */
  readonly from: string;
  readonly to: string;
  readonly startedAt: string;
  /** After this an unanswered sweep counts as `outcome_unknown`. */
  readonly deadlineAt: string;
}

export const sweepStarted = defineEvent<SweepStarted>()('SweepStarted.v1');
export type SweepStartedEvent = Event<'SweepStarted.v1', SweepStarted>;
