import { Command } from '@nestjs/cqrs';
import type { CommandContext } from '../../platform/event-store/command-runner.js';
import type { RecordAnswer, StartAsk } from '../domain/asking.decisions.js';
import type { ProposeBinding, RefuseBinding } from '../domain/binding.decisions.js';
import type { EmptySweep, FlagForReview, RejectByRule } from '../domain/closing.decisions.js';
import type { SubmittedTransaction } from '../domain/transaction.js';

/**
 * One step of verifying a transaction. Steps that end it name what they follow from (`because`: an ask, a sweep,
 * a proposal), so that their events have ids of their own however often they are repeated.
 */
export type VerificationStep =
  | { readonly step: 'start_ask'; readonly ask: StartAsk }
  | { readonly step: 'record_answer'; readonly answer: RecordAnswer }
  | { readonly step: 'close_unanswered_ask'; readonly askId: string }
  | { readonly step: 'propose_binding'; readonly proposal: ProposeBinding }
  | { readonly step: 'confirm_binding'; readonly proposalId: string }
  | { readonly step: 'refuse_binding'; readonly refusal: RefuseBinding }
  | { readonly step: 'flag_for_review'; readonly flag: FlagForReview; readonly because: string }
  | { readonly step: 'reject_by_rule'; readonly rule: RejectByRule; readonly because: string }
  | { readonly step: 'expire'; readonly because: string; readonly sweep: EmptySweep | null };

/** What came of a step. */
export interface VerificationRecorded {
  readonly transaction: SubmittedTransaction;
  /** Revision of the stream. */
  readonly revision: bigint | null;
  /** Position of the last event written; null when the step had been taken already. */
  readonly position: bigint | null;
  readonly appended: boolean;
}

/**
 * Takes one step of verifying a transaction; sent by the verification context and has no route.
 * Refusals arrive as `RuleViolation` with a code of `transaction.rejections.ts`.
 */
export class RecordVerification extends Command<VerificationRecorded> {
  constructor(
    readonly transactionId: string,
    readonly step: VerificationStep,
    readonly context: CommandContext,
  ) {
    super();
  }
}
