import { uuidFrom } from '../../kernel/ids.js';
import type { PaymentKind } from '../../matching/payment-claim.js';
import { canonicalReference } from './reference.js';

/** What makes a claim this claim and no other; never a phone, a name or a document (product.md, wall 1). */
export interface NaturalKey {
  readonly merchantId: string;
  readonly mode: 'live' | 'test';
  readonly receivingAccountId: string;
  readonly kind: PaymentKind;
  readonly originBank: string;
  /** Digits as typed. */
  readonly reference: string;
  readonly paidOn: string;
}

/** How often one key may be claimed anew; far more than people do, and a bound on what a loop can do. */
export const MAX_OCCURRENCE = 20;

/**
 * The id of the n-th transaction under a natural key. A claim of a test key gets an id of its own,
 * so that a rehearsal never answers for the payment.
 */
export const transactionIdOf = (key: NaturalKey, occurrence: number): string =>
  uuidFrom(
    key.mode === 'test' ? 'transaction.test' : 'transaction',
    key.merchantId,
    key.receivingAccountId,
    key.kind,
    key.originBank,
    canonicalReference(key.reference),
    key.paidOn,
    occurrence.toString(),
  );

/** Which occurrence of the key an id names; null when it names none of them. */
export function occurrenceOf(key: NaturalKey, transactionId: string): number | null {
  for (let occurrence = 0; occurrence <= MAX_OCCURRENCE; occurrence += 1) {
    if (transactionIdOf(key, occurrence) === transactionId) return occurrence;
  }
  return null;
}

/** The stream that holds a transaction's events. */
export const transactionStream = (transactionId: string): string => `transaction-${transactionId}`;
