import { accept, reject, type Decision } from '../../kernel/rejection.js';
import {
  naturalKeyReserved,
  type NaturalKeyReservedEvent,
} from '../events/natural-key-reserved.event.js';
import {
  transactionCorrected,
  type TransactionCorrected,
} from '../events/transaction-corrected.event.js';
import { occurrenceOf } from './transaction-id.js';
import type { SubmittedTransaction, Transaction } from './transaction.js';
import {
  afterMatching,
  unlessIn,
  unlessSeen,
  whileAsking,
  whileBinding,
  whileHolding,
  type Refusal,
  type TransactionDecision,
} from './transaction.guards.js';
import type { TransactionRejectionCode } from './transaction.rejections.js';

/** Each correction may take a key for good, so their number is bounded; people need one or two. */
export const MAX_CORRECTIONS = 10;

export type Correct = Omit<TransactionCorrected, 'correctedAt'> & { readonly seenVersion: number };

/** Why the claim cannot be amended now; null when it can. */
export function refuseCorrection(
  state: SubmittedTransaction,
  seenVersion: number,
  now: Date,
): Refusal | null {
  return (
    unlessIn(state, 'pending', 'needs_review', 'expired') ??
    whileHolding(state) ??
    whileBinding(state) ??
    // An answer to the old words may still come in.
    whileAsking(state) ??
    afterMatching(state, now) ??
    unlessSeen(state, seenVersion) ??
    (state.corrections < MAX_CORRECTIONS ? null : reject('too_many_corrections'))
  );
}

/** Amends a claim that no movement is bound to. A key that the new words need was reserved before. */
export function correct(
  state: Transaction,
  { seenVersion, ...corrected }: Correct,
  now: Date,
): TransactionDecision {
  if (state.status === 'none') return reject('transaction_not_found');
  return (
    refuseCorrection(state, seenVersion, now) ??
    accept(transactionCorrected({ ...corrected, correctedAt: now.toISOString() }))
  );
}

/** What stands where the key of a corrected claim would be. */
export type KeyTaken =
  | { readonly taken: 'free' }
  /** By the claim itself: it was submitted under it, or corrected to it before. */
  | { readonly taken: 'own' }
  /** By another open claim. */
  | { readonly taken: 'by'; readonly transactionId: string }
  /** By a claim that was given up, or for one that was corrected again: the next number may be free. */
  | { readonly taken: 'given_up' };

/** Whoever gave a claim up makes room for the next (decision 10). */
export const isGivenUp = ({ status }: Transaction): boolean =>
  status === 'cancelled' || status === 'rejected';

/** True while a claim that was corrected still is the one its reserved key stands for. */
export const holdsKey = (holder: Transaction, key: string): boolean =>
  holder.status !== 'none' && !isGivenUp(holder) && occurrenceOf({ ...holder.claim }, key) !== null;

/** Whose a key is. `holder` is the transaction that a reservation there names; null when there is none. */
export function keyTaken(
  atKey: Transaction,
  holder: Transaction | null,
  { key, transactionId }: { readonly key: string; readonly transactionId: string },
): KeyTaken {
  if (atKey.status !== 'none') {
    if (atKey.claim.transactionId === transactionId) return { taken: 'own' };
    return isGivenUp(atKey)
      ? { taken: 'given_up' }
      : { taken: 'by', transactionId: atKey.claim.transactionId };
  }
  const { reservation } = atKey;
  if (reservation === undefined) return { taken: 'free' };
  if (reservation.transactionId === transactionId) return { taken: 'own' };
  return holder !== null && holdsKey(holder, key)
    ? { taken: 'by', transactionId: reservation.transactionId }
    : { taken: 'given_up' };
}

/** Takes a key for a claim that is about to be corrected to it: the first event of its stream, or none. */
export function reserveKey(
  state: Transaction,
  reservation: { readonly reservedKey: string; readonly transactionId: string },
  now: Date,
): Decision<NaturalKeyReservedEvent, TransactionRejectionCode> {
  if (state.status !== 'none')
    return reject('duplicate_reference', { transaction_id: state.claim.transactionId });
  const { transactionId } = state.reservation ?? {};
  if (transactionId === undefined) {
    return accept(naturalKeyReserved({ ...reservation, reservedAt: now.toISOString() }));
  }
  return transactionId === reservation.transactionId
    ? accept()
    : reject('duplicate_reference', { transaction_id: transactionId });
}
