import { accept, reject } from '../../kernel/rejection.js';
import { askAnswered, type AskAnswered } from '../events/ask-answered.event.js';
import { askStarted } from '../events/ask-started.event.js';
import { verificationRequested } from '../events/verification-requested.event.js';
import type { Transaction } from './transaction.js';
import {
  afterMatching,
  isAfter,
  unlessIn,
  unlessSameWords,
  whileAsking,
  whileBinding,
  type TransactionDecision,
} from './transaction.guards.js';

export interface StartAsk {
  /** Fresh for every attempt, so that two askers never take one another's ask for their own. */
  readonly askId: string;
  readonly credentialId: string;
  readonly permitId: string;
  readonly askedOn: string;
  readonly deadlineAt: Date;
  /** How many asks the plan knew of; another number means that it is out of date. */
  readonly asksSeen: number;
  /** How many corrections of the claim it knew of; left out, none. */
  readonly correctionsSeen?: number;
}

/** Announces an ask before anything is sent to the bank. */
export function startAsk(state: Transaction, ask: StartAsk, now: Date): TransactionDecision {
  if (state.status === 'none') return reject('transaction_not_found');
  if (state.asks.open?.askId === ask.askId) return accept();
  const refusal =
    unlessIn(state, 'pending', 'expired', 'needs_review') ??
    whileBinding(state) ??
    whileAsking(state) ??
    afterMatching(state, now);
  if (refusal !== null) return refusal;
  if (state.asks.started !== ask.asksSeen) {
    return reject('not_due', { asks_started: state.asks.started });
  }
  const outdated = unlessSameWords(state, ask.correctionsSeen);
  if (outdated !== null) return outdated;
  return accept(
    askStarted({
      askId: ask.askId,
      bank: state.claim.bank,
      credentialId: ask.credentialId,
      permitId: ask.permitId,
      askedOn: ask.askedOn,
      startedAt: now.toISOString(),
      deadlineAt: ask.deadlineAt.toISOString(),
    }),
  );
}

export type RecordAnswer = Omit<AskAnswered, 'answeredAt'>;

/**
 * Records how an ask ended, whatever became of the transaction meanwhile: an ask that went out is a fact.
 */
export function recordAnswer(
  state: Transaction,
  answer: RecordAnswer,
  now: Date,
): TransactionDecision {
  if (state.status === 'none') return reject('transaction_not_found');
  const { open, lastAskId, lastOutcome } = state.asks;
  if (open?.askId === answer.askId) {
    return accept(askAnswered({ ...answer, answeredAt: now.toISOString() }));
  }
  const repeated = lastAskId === answer.askId && lastOutcome === answer.outcome;
  return repeated ? accept() : reject('ask_not_open', { ask_id: answer.askId });
}

/** Gives up on an answer that nobody can bring any more, once its deadline is past: nothing is known of it. */
export function closeUnansweredAsk(
  state: Transaction,
  { askId }: { readonly askId: string },
  now: Date,
): TransactionDecision {
  if (state.status === 'none') return reject('transaction_not_found');
  const { open, lastAskId } = state.asks;
  if (open?.askId !== askId) {
    return lastAskId === askId ? accept() : reject('ask_not_open', { ask_id: askId });
  }
  const answeredAt = now.toISOString();
  if (!isAfter(answeredAt, open.deadlineAt)) {
    return reject('ask_not_overdue', { ask_id: askId, deadline_at: open.deadlineAt });
  }
  return accept(
    askAnswered({
      askId,
      outcome: 'outcome_unknown',
      bankCode: null,
      httpStatus: null,
      durationMs: Date.parse(open.deadlineAt) - Date.parse(open.startedAt),
      answerHash: null,
      permitIds: [open.permitId],
      movements: 0,
      retryAfterMs: null,
      answeredAt,
    }),
  );
}

/** A claim may be hurried this often; more is a loop at the merchant's, and permits are everybody's. */
export const MAX_REQUESTS = 20;
/** Nothing changes at a bank within seconds: one wish a minute is all that can help. */
const REQUEST_EVERY_MS = 60_000;

/** Has the bank asked about this claim next, before the merchant's others; bounded, since permits are few. */
export function requestVerification(
  state: Transaction,
  { requestedBy }: { readonly requestedBy: string },
  now: Date,
): TransactionDecision {
  if (state.status === 'none') return reject('transaction_not_found');
  const refusal = unlessIn(state, 'pending', 'expired') ?? afterMatching(state, now);
  if (refusal !== null) return refusal;
  // It is asked about, or a movement is bound to it, at this moment: nothing is faster.
  if (state.asks.open !== null || state.binding !== null) return accept();
  const { total, lastAt } = state.requests;
  const waitMs = lastAt === null ? 0 : Date.parse(lastAt) + REQUEST_EVERY_MS - now.getTime();
  if (waitMs > 0) {
    return reject('requested_recently', { retry_after_seconds: Math.ceil(waitMs / 1_000) });
  }
  if (total >= MAX_REQUESTS) return reject('requested_too_often');
  return accept(verificationRequested({ requestedBy, requestedAt: now.toISOString() }));
}
