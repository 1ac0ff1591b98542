import {
  candidateResource,
  type ClaimedWords,
  type TransactionResource,
} from '../get-transaction/transaction.resource.js';
import type { TransactionRow } from './transaction-row.js';

// Amounts of single transactions came from JSON integers, so they fit one again.
const numberOrNull = (value: bigint | null): number | null =>
  value === null ? null : Number(value);

const wordsOf = (row: TransactionRow): ClaimedWords => ({
  reference: row.reference,
  amountMinor: Number(row.amount_minor),
  currency: row.currency,
  paidOn: row.paid_on,
});

/** The resource of a row: the same as the log would tell, but for what has happened since the row was written. */
export const resourceOfRow = (row: TransactionRow): TransactionResource => ({
  id: row.transaction_id,
  merchant_id: row.merchant_id,
  mode: row.mode,
  status: row.status,
  status_reason: row.status_reason,
  duplicate_of: row.duplicate_of,
  external_id: row.external_id,
  kind: row.kind,
  type: row.type,
  receiving_account_id: row.receiving_account_id,
  bank: row.bank,
  origin_bank: row.origin_bank,
  reference: row.reference,
  amount: Number(row.amount_minor),
  currency: row.currency,
  paid_on: row.paid_on,
  payer: {
    phone: row.payer_phone_mask,
    document: row.payer_document_mask,
    name: row.payer_name_mask,
  },
  bank_on: row.bank_on,
  bank_amount: numberOrNull(row.bank_amount_minor),
  amount_difference: numberOrNull(row.amount_difference_minor),
  late: row.late,
  verified_at: row.verified_at?.toISOString() ?? null,
  candidates:
    row.status === 'needs_review'
      ? row.evidence.map((movement) => candidateResource(movement, wordsOf(row)))
      : [],
  match_until: row.match_until.toISOString(),
  submitted_at: row.submitted_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
  version: Number(row.version),
});
