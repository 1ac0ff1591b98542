import { parse } from 'csv-parse/sync';
import { addDays, type LocalDate } from '../../kernel/local-date.js';

/** One line of `claims.csv`. */
interface Row {
  readonly external_id: string;
  readonly kind: string;
  readonly type: string;
  readonly origin_bank: string;
  readonly reference: string;
  readonly amount_minor: string;
  readonly currency: string;
  readonly paid_days_ago: string;
  readonly payer_phone: string;
  readonly payer_document: string;
  readonly payer_name: string;
  readonly concept: string;
  readonly expected: string;
  readonly note: string;
}

export interface SampleClaim {
  /** What the sample shows, such as `late`: the note up to its colon. */
  readonly group: string;
  /** A status, or a status and its reason: `needs_review:amount_differs`. */
  readonly expected: string;
  /** The body of the submission. */
  readonly body: Readonly<Record<string, unknown>> & { readonly reference: string };
}

const orNull = (text: string): string | null => (text === '' ? null : text);

/** Reads the sample claims; their dates count back from the day the bank's ledger counts from. */
export function readSampleClaims(
  csv: string,
  anchorOn: LocalDate,
  receivingAccountId: string,
): SampleClaim[] {
  const rows: Row[] = parse(csv, { columns: true, skip_empty_lines: true });
  return rows.map((row) => ({
    group: row.note.split(':')[0] ?? row.note,
    expected: row.expected,
    body: {
      external_id: row.external_id,
      kind: row.kind,
      type: row.type,
      receiving_account_id: receivingAccountId,
      origin_bank: row.origin_bank,
      reference: row.reference,
      amount: Number.parseInt(row.amount_minor, 10),
      currency: row.currency,
      paid_on: addDays(anchorOn, -Number.parseInt(row.paid_days_ago, 10)),
      payer: {
        phone: orNull(row.payer_phone),
        document: orNull(row.payer_document),
        name: orNull(row.payer_name),
      },
      concept: orNull(row.concept),
    },
  }));
}

/** Claims with one tail of reference may be about one movement, and then their order matters. */
export function chains(claims: readonly SampleClaim[]): SampleClaim[][] {
  const byTail = new Map<string, SampleClaim[]>();
  for (const claim of claims) {
    const tail = claim.body.reference.slice(-6).padStart(6, '0');
    const chain = byTail.get(tail);
    if (chain === undefined) byTail.set(tail, [claim]);
    else chain.push(claim);
  }
  return [...byTail.values()];
}
