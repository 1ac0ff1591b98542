import { reject } from '../../kernel/rejection.js';
import type { PaymentKind } from '../../matching/payment-claim.js';
import { isUsableReference } from './reference.js';
import type { PayerIdentity } from './submission.decisions.js';
import type { Refusal } from './transaction.guards.js';

/** What must be known before a claim can be taken, beside its own words. */
export interface Admission {
  readonly merchantId: string;
  readonly kind: PaymentKind;
  readonly reference: string;
  readonly payer: PayerIdentity;
  /** Null when there is no such merchant or account. */
  readonly merchant: { readonly suspended: boolean } | null;
  readonly account: { readonly merchantId: string; readonly receivesPagoMovil: boolean } | null;
  /** Null when the account's bank is not served. */
  readonly terms: {
    readonly leastReferenceDigits: number;
    readonly payerFields: readonly ('phone' | 'document')[];
  } | null;
}

/** Refuses a claim that no bank could ever be asked about, so that the merchant learns it at once. */
export function refuseAdmission(claim: Admission): Refusal | null {
  if (claim.merchant === null || claim.merchant.suspended) return reject('merchant_suspended');
  if (claim.account?.merchantId !== claim.merchantId) return reject('receiving_account_unknown');
  if (claim.kind === 'pago_movil' && !claim.account.receivesPagoMovil) {
    return reject('pago_movil_not_received');
  }
  if (claim.terms === null) return reject('bank_not_served');
  const least = claim.terms.leastReferenceDigits;
  if (!isUsableReference(claim.reference, least)) {
    return reject('reference_too_short', { least_digits: least });
  }
  const missing = claim.terms.payerFields.find((field) => claim.payer[field] === null);
  return missing === undefined ? null : reject('payer_incomplete', { missing });
}
