import { defineEvent, type Event } from '../../kernel/event.js';

/** The bank is about to be asked about this claim; written before anything is sent. */
export interface AskStarted {
  readonly askId: string;
  readonly bank: string;
  readonly credentialId: string;
  readonly permitId: string;
  /** The day asked for: the claimed one, or a neighbour. */
  readonly askedOn: string;
  readonly startedAt: string;
  /** After this an unanswered ask counts as `outcome_unknown`. */
  readonly deadlineAt: string;
}

export const askStarted = defineEvent<AskStarted>()('AskStarted.v1');
export type AskStartedEvent = Event<'AskStarted.v1', AskStarted>;
