import { formatMinor, type Currency } from '../../kernel/money.js';
import type { TransactionStateTable } from '../transaction-states/transaction-state.table.js';
import { numberCell, textCell } from './csv.js';

/** Raised when the same rows would be written otherwise; what was downloaded before stays what it says it is. */
export const EXPORT_VERSION = 1;

type Cell =
  | { readonly text: string | null }
  | { readonly minor: bigint | null }
  /** Decimal text of an amount, which only we wrote. */
  | { readonly decimal: string | null }
  | { readonly truth: boolean | null };

const instant = (at: Date | null): Cell => ({ text: at?.toISOString() ?? null });
const decimal = (minor: bigint | null, currency: string): Cell => ({
  // A currency that is stored was parsed when it came.
  decimal: minor === null ? null : formatMinor(minor, currency as Currency),
});

/** Every column in its order. Names are for ever: a new one comes last, none is renamed. */
const COLUMNS = {
  record: () => ({ text: 'transaction' }),
  transaction_id: (row) => ({ text: row.transaction_id }),
  merchant_id: (row) => ({ text: row.merchant_id }),
  external_id: (row) => ({ text: row.external_id }),
  kind: (row) => ({ text: row.kind }),
  type: (row) => ({ text: row.type }),
  receiving_account_id: (row) => ({ text: row.receiving_account_id }),
  bank: (row) => ({ text: row.bank }),
  origin_bank: (row) => ({ text: row.origin_bank }),
  reference: (row) => ({ text: row.reference }),
  status: (row) => ({ text: row.status }),
  status_reason: (row) => ({ text: row.status_reason }),
  duplicate_of: (row) => ({ text: row.duplicate_of }),
  day: (row) => ({ text: row.day }),
  paid_on: (row) => ({ text: row.paid_on }),
  bank_on: (row) => ({ text: row.bank_on }),
  verified_at: (row) => instant(row.verified_at),
  late: (row) => ({ truth: row.late }),
  currency: (row) => ({ text: row.currency }),
  claimed_amount_minor: (row) => ({ minor: row.claimed_minor }),
  claimed_amount: (row) => decimal(row.claimed_minor, row.currency),
  bank_amount_minor: (row) => ({ minor: row.bank_minor }),
  bank_amount: (row) => decimal(row.bank_minor, row.currency),
  amount_difference_minor: (row) => ({ minor: row.difference_minor }),
  amount_difference: (row) => decimal(row.difference_minor, row.currency),
  payer_phone: (row) => ({ text: row.payer_phone_mask }),
  payer_document: (row) => ({ text: row.payer_document_mask }),
  payer_name: (row) => ({ text: row.payer_name_mask }),
  decided_by: (row) => ({ text: row.decided_by }),
  decided_at: (row) => instant(row.decided_at),
  decision_reason: (row) => ({ text: row.decision_reason }),
  submitted_at: (row) => instant(row.submitted_at),
} as const satisfies Record<string, (row: TransactionStateTable) => Cell>;

const columns: readonly [string, (row: TransactionStateTable) => Cell][] = Object.entries(COLUMNS);

export const COLUMN_NAMES: readonly string[] = columns.map(([name]) => name);

/** A transaction as the cells of a line, ready to be joined. */
export const cellsOf = (row: TransactionStateTable): string[] =>
  columns.map(([, of]) => csvCell(of(row)));

/** A transaction as a JSON object; amounts came from JSON integers, so they fit one again. */
export const objectOf = (row: TransactionStateTable): Record<string, unknown> =>
  Object.fromEntries(columns.map(([name, of]) => [name, jsonValue(of(row))]));

function csvCell(cell: Cell): string {
  if ('text' in cell) return textCell(cell.text);
  if ('decimal' in cell) return cell.decimal ?? '';
  if ('truth' in cell) return cell.truth === null ? '' : String(cell.truth);
  return numberCell(cell.minor);
}

function jsonValue(cell: Cell): unknown {
  if ('text' in cell) return cell.text;
  if ('decimal' in cell) return cell.decimal;
  if ('truth' in cell) return cell.truth;
  return cell.minor === null ? null : Number(cell.minor);
}
