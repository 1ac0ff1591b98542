import { MAX_AMOUNT_MINOR } from '../../kernel/money.js';
import type { PayerData, SealedData } from '../../platform/personal-data/personal-data.js';
import { transactionIdOf } from '../domain/transaction-id.js';
import type { SealedPayer, TransactionSubmitted } from '../events/transaction-submitted.event.js';
import { maskDigits, maskName } from './payer-identity.js';
import type { Particulars } from './particulars.js';
import type { Submission } from './submit-transaction.command.js';

/** A payer of whom nothing was said. */
export const NO_PAYER_DATA: PayerData = {
  phone: null,
  document: null,
  name: null,
  concept: null,
  metadata: null,
};

export const tellsNothing = (payer: PayerData): boolean =>
  Object.values(payer).every((value) => value === null);

export const sealedPayer = (payer: PayerData, sealed: SealedData | null): SealedPayer => ({
  phoneMask: maskDigits(payer.phone),
  documentMask: maskDigits(payer.document),
  nameMask: maskName(payer.name),
  sealed,
});

const DAY_MS = 86_400_000;

// A tolerance beyond the largest amount allows every amount already.
const toleranceOf = (minor: bigint): number =>
  Number(minor > MAX_AMOUNT_MINOR ? MAX_AMOUNT_MINOR : minor);

/** Until when the claim must have shown at the bank, and until when it is matched at all. */
export function deadlinesOf(
  { merchant, terms, now }: Particulars,
  originBank: string,
): { readonly visibleBy: string; readonly matchUntil: string } {
  const visibleBy = terms.visibleBy(originBank, now);
  const matchedMs = Math.max(now.getTime() + merchant.matchDays * DAY_MS, visibleBy.getTime());
  return {
    visibleBy: visibleBy.toISOString(),
    matchUntil: new Date(matchedMs).toISOString(),
  };
}

/** The fact that is recorded when the claim is the n-th under its key. */
export function claimOf(
  submission: Submission,
  particulars: Particulars,
  occurrence: number,
): TransactionSubmitted {
  const { merchant, account, credentialId, payer, now } = particulars;
  return {
    transactionId: transactionIdOf(submission, occurrence),
    merchantId: submission.merchantId,
    mode: submission.mode,
    externalId: submission.externalId,
    kind: submission.kind,
    type: submission.type,
    receivingAccountId: submission.receivingAccountId,
    bank: account.bank,
    credentialId,
    originBank: submission.originBank,
    reference: submission.reference,
    amountMinor: submission.amountMinor,
    currency: submission.currency,
    paidOn: submission.paidOn,
    occurrence,
    payer,
    toleranceUnderMinor: toleranceOf(merchant.toleranceUnderMinor),
    toleranceOverMinor: toleranceOf(merchant.toleranceOverMinor),
    ...deadlinesOf(particulars, submission.originBank),
    submittedAt: now.toISOString(),
  };
}
