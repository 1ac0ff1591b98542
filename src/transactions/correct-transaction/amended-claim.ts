import type { LocalDate } from '../../kernel/local-date.js';
import type { Currency } from '../../kernel/money.js';
import type { PayerData } from '../../platform/personal-data/personal-data.js';
import type { SubmittedTransaction } from '../domain/transaction.js';
import { NO_PAYER_DATA } from '../submit-transaction/claim-of.js';
import type { Submission } from '../submit-transaction/submit-transaction.command.js';
import type { Amendment } from './correct-transaction.command.js';

/** The claim as it would be submitted today, amended. An erased payer is known only as far as the amendment says. */
export function amendedClaim(
  { claim }: SubmittedTransaction,
  opened: PayerData | null,
  amendment: Amendment,
): Submission {
  return {
    merchantId: claim.merchantId,
    mode: claim.mode,
    externalId: claim.externalId,
    kind: claim.kind,
    type: claim.type,
    receivingAccountId: claim.receivingAccountId,
    originBank: claim.originBank,
    reference: claim.reference,
    amountMinor: claim.amountMinor,
    currency: claim.currency as Currency,
    paidOn: claim.paidOn as LocalDate,
    ...amendment.claim,
    payer: { ...(opened ?? NO_PAYER_DATA), ...amendment.payer },
    distinctFrom: null,
  };
}

const CLAIMED = ['originBank', 'reference', 'amountMinor', 'paidOn'] as const;
const OF_PAYER = ['phone', 'document', 'name'] as const;

/** True when the amended claim says the same as the one that stands. */
export const saysTheSame = (
  amended: Submission,
  { claim }: SubmittedTransaction,
  opened: PayerData | null,
): boolean =>
  CLAIMED.every((field) => amended[field] === claim[field]) &&
  OF_PAYER.every((field) => amended.payer[field] === (opened ?? NO_PAYER_DATA)[field]);
