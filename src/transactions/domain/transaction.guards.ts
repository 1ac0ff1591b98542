import { reject, type Decision, type Rejection } from '../../kernel/rejection.js';
import type { TransactionEvent } from '../events/transaction.event.js';
import type { Status, SubmittedTransaction } from './transaction.js';
import type { TransactionRejectionCode } from './transaction.rejections.js';

export type TransactionDecision = Decision<TransactionEvent, TransactionRejectionCode>;
export type Refusal = Rejection<TransactionRejectionCode>;

/**
 * Instants are written by `toISOString`, always 24 characters in UTC, so that text order is time order.
 */
export const isAfter = (instant: string, other: string): boolean => instant > other;

/** Refuses a status that is not among those named. */
export const unlessIn = (
  { status }: SubmittedTransaction,
  ...allowed: readonly Status[]
): Refusal | null =>
  allowed.includes(status) ? null : reject('not_allowed_in_status', { transaction_status: status });

/** Nothing else may decide between the first step of a binding and its last (product.md, wall 2). */
export const whileBinding = ({ binding }: SubmittedTransaction): Refusal | null =>
  binding === null ? null : reject('binding_in_progress', { proposal_id: binding.proposalId });

/** An answer that is under way may still change everything. */
export const whileAsking = ({ asks }: SubmittedTransaction): Refusal | null =>
  asks.open === null ? null : reject('ask_in_progress', { ask_id: asks.open.askId });

/** An expired claim is matched for a time only. */
export const afterMatching = (
  { status, claim }: SubmittedTransaction,
  now: Date,
): Refusal | null =>
  status === 'expired' && isAfter(now.toISOString(), claim.matchUntil)
    ? reject('match_period_over', { match_until: claim.matchUntil })
    : null;

/** A bound movement must not be left behind by a transaction that ends otherwise. */
export const whileHolding = ({ held }: SubmittedTransaction): Refusal | null =>
  held === null ? null : reject('movement_held', { movement_key: held.movementKey });

/** A person decides on what he saw; anything that happened since comes first. */
export const unlessSeen = (
  { version, status }: SubmittedTransaction,
  seenVersion: number,
): Refusal | null =>
  seenVersion === version ? null : reject('newer_fact', { version, transaction_status: status });

/** What was planned or found for a claim's former words says nothing about its present ones. */
export const unlessSameWords = (
  { corrections }: SubmittedTransaction,
  correctionsSeen = 0,
): Refusal | null =>
  correctionsSeen === corrections ? null : reject('claim_corrected', { corrections });
