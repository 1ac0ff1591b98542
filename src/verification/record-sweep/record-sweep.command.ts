import { Command } from '@nestjs/cqrs';
import type { CommandContext } from '../../platform/event-store/command-runner.js';
import type { SweepAnswered } from './sweep-answered.event.js';
import type { SweepStarted } from './sweep-started.event.js';

/** One step of a sweep. */
export type SweepStep =
  | { readonly step: 'start'; readonly sweep: Omit<SweepStarted, 'startedAt'> }
  | {
      readonly step: 'answer';
      readonly answer: Omit<SweepAnswered, 'answeredAt' | 'receivingAccountId' | 'from' | 'to'>;
    }
  | { readonly step: 'close_unanswered'; readonly sweepId: string };

/** Which stream a sweep is written to: that of its account on the day on which it began. */
export interface SweepOrigin {
  readonly receivingAccountId: string;
  readonly startedAt: Date;
}

/**
 * Writes one step of a sweep down and gives the instant at which it was.
 * @throws RuleViolation          another sweep of the account is under way, or this one is not
 * @throws StreamConflict         the stream is contended
 * @throws EventStoreUnavailable
 */
export class RecordSweep extends Command<Date> {
  constructor(
    readonly origin: SweepOrigin,
    readonly step: SweepStep,
    readonly context: CommandContext,
  ) {
    super();
  }
}
