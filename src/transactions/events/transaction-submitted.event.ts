import { defineEvent, type Event } from '../../kernel/event.js';

/** Personal data as the event holds it: masks in clear (two digits at most), the rest sealed. */
export interface SealedPayer {
  readonly phoneMask: string | null;
  readonly documentMask: string | null;
  readonly nameMask: string | null;
  /** Phone, document, name, concept and metadata; null when none was given. */
  readonly sealed: { readonly keyId: string; readonly box: string } | null;
}

/** A merchant's backend claimed that a payment was made. */
export interface TransactionSubmitted {
  readonly transactionId: string;
  readonly merchantId: string;
  /** `test` claims reach only the sandbox and never a total. */
  readonly mode: 'live' | 'test';
  readonly externalId: string;
  readonly kind: 'pago_movil' | 'transfer' | 'card_deposit';
  readonly type: 'payment' | 'commission' | 'other';
  readonly receivingAccountId: string;
  /** The receiving bank and the account's credential, as they were at submission. */
  readonly bank: string;
  readonly credentialId: string;
  readonly originBank: string;
  /** Digits as typed. */
  readonly reference: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly paidOn: string;
  /** The n of the natural key: 0, or more after a cancelled, rejected or explicitly distinct predecessor. */
  readonly occurrence: number;
  readonly payer: SealedPayer;
  /** The merchant's tolerance when the claim came. */
  readonly toleranceUnderMinor: number;
  readonly toleranceOverMinor: number;
  /** Only a conclusive "not visible" after this makes the claim expire. */
  readonly visibleBy: string;
  /** Until then an expired claim is still matched. */
  readonly matchUntil: string;
  readonly submittedAt: string;
}

export const transactionSubmitted = defineEvent<TransactionSubmitted>()('TransactionSubmitted.v1');
export type TransactionSubmittedEvent = Event<'TransactionSubmitted.v1', TransactionSubmitted>;
