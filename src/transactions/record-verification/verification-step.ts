import { assertNever } from '../../kernel/assert.js';
import { uuidFrom } from '../../kernel/ids.js';
import { closeUnansweredAsk, recordAnswer, startAsk } from '../domain/asking.decisions.js';
import { confirmBinding, proposeBinding, refuseBinding } from '../domain/binding.decisions.js';
import { expire, flagForReview, rejectByRule } from '../domain/closing.decisions.js';
import type { Transaction } from '../domain/transaction.js';
import type { TransactionDecision } from '../domain/transaction.guards.js';
import type { VerificationStep } from './record-verification.command.js';

/** Which rule judges a step. */
export function decideStep(
  state: Transaction,
  command: VerificationStep,
  now: Date,
): TransactionDecision {
  switch (command.step) {
    case 'start_ask':
      return startAsk(state, command.ask, now);
    case 'record_answer':
      return recordAnswer(state, command.answer, now);
    case 'close_unanswered_ask':
      return closeUnansweredAsk(state, command, now);
    case 'propose_binding':
      return proposeBinding(state, command.proposal, now);
    case 'confirm_binding':
      return confirmBinding(state, command, now);
    case 'refuse_binding':
      return refuseBinding(state, command.refusal, now);
    case 'flag_for_review':
      return flagForReview(state, command.flag, now);
    case 'reject_by_rule':
      return rejectByRule(state, command.rule, now);
    case 'expire':
      return expire(state, now, command.sweep);
    default:
      return assertNever(command, 'a step of verification');
  }
}

/**
 * What tells a step from another of its kind. The outcome is part of an answer's name: the store takes a second
 * append under the same event ids for a repeat of the first, and two outcomes of one ask are no repeat.
 */
function distinction(command: VerificationStep): readonly string[] {
  switch (command.step) {
    case 'start_ask':
      return [command.ask.askId];
    case 'record_answer':
      return [command.answer.askId, command.answer.outcome];
    case 'close_unanswered_ask':
      return [command.askId];
    case 'propose_binding':
      return [command.proposal.proposalId];
    case 'confirm_binding':
      return [command.proposalId];
    case 'refuse_binding':
      return [command.refusal.proposalId];
    case 'flag_for_review':
      return [command.because, command.flag.reason];
    case 'reject_by_rule':
      return [command.because, command.rule.reason];
    case 'expire':
      return [command.because];
    default:
      return assertNever(command, 'a step of verification');
  }
}

/** The command id of a step: the same step again writes nothing twice. */
export const stepId = (transactionId: string, command: VerificationStep): string =>
  uuidFrom('verification', transactionId, command.step, ...distinction(command));
