import { defineEvent, type Event } from '../../kernel/event.js';

/** How many there are and what they come to, in minor units as decimal text: a day's sum may fit no JSON integer. */
export interface Figure {
  readonly count: number;
  readonly minor: string;
}

/** A day of one account in one currency; currencies are never added up. */
export interface DayFigures {
  readonly currency: string;
  /** What the bank has shown to have come in; null where it has not listed the day: unknown, not nothing. */
  readonly creditsAtBank: Figure | null;
  /** Of those that are known, what is bound to a transaction. */
  readonly claimed: Figure;
  /** Of those credits, what nobody has claimed. */
  readonly unclaimed: Figure | null;
  /** Claims that say they were paid on the day and are bound to no movement, unless they were given up. */
  readonly claimedButAbsent: Figure;
  /** Claims of the day about which something is still to be found out or decided: pending or in review, bound or not. */
  readonly openClaims: Figure;
}

/** Whether the bank has listed the whole day after it had ended. */
export type DayCoverage = 'complete' | 'partial' | 'none';

/** Finance closed a day of an account on these figures. A later close of the day stands beside it, with the next version. */
export interface DayClosed {
  readonly receivingAccountId: string;
  readonly merchantId: string;
  readonly bank: string;
  /** The bank's calendar day. */
  readonly day: string;
  /** 1 for the first close of the day, one more for each that corrects it. */
  readonly version: number;
  /** The place in the log at which the figures were read, as decimal text. */
  readonly position: string;
  /** Which rules made the figures. */
  readonly reportVersion: number;
  readonly coverage: DayCoverage;
  /** Somebody agreed to close on less than a complete listing. */
  readonly acceptedIncomplete: boolean;
  readonly figures: readonly DayFigures[];
  readonly closedBy: string;
  readonly reason: string;
  readonly closedAt: string;
}

export const dayClosed = defineEvent<DayClosed>()('DayClosed.v1');
export type DayClosedEvent = Event<'DayClosed.v1', DayClosed>;

/** For the event catalogue. */
export const dayCloseEvents = [dayClosed] as const;
