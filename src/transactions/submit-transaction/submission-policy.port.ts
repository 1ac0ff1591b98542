import type { PaymentKind } from '../../matching/payment-claim.js';

/** What the bank of a receiving account asks of a claim of one kind, before it can be looked for. */
export interface BankTerms {
  /** The least digits of a reference that the bank can use. */
  readonly leastReferenceDigits: number;
  /** What must be known of the payer to ask at all. */
  readonly payerFields: readonly ('phone' | 'document')[];
  /** Until when a credit from a bank must have shown, when it was claimed at an instant. */
  readonly visibleBy: (originBank: string, from: Date) => Date;
}

/** The banks' terms for new claims. The composition root answers from the gateway, which is not ours to import. */
export abstract class SubmissionPolicy {
  /** Null for a bank that is not served. Answers from memory: it is asked for every claim. */
  abstract terms(bank: string, kind: PaymentKind): BankTerms | null;

  /** Under which credential a bank is asked about claims of test keys; null where none is kept for them. */
  abstract testCredential(bank: string): string | null;
}
