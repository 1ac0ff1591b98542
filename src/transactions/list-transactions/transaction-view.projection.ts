import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import type { StoredEvent } from '../../platform/event-store/stored-event.js';
import { PersonalDataVault } from '../../platform/personal-data/personal-data.js';
import { Projection } from '../../platform/projections/projection.js';
import { rowsAsJson } from '../../platform/projections/rows-as-json.js';
import {
  rowAfter,
  type PayerIndexes,
  type StoredTransactionEvent,
  type TransactionRow,
} from './transaction-row.js';
import './transaction-view.table.js';

const NO_INDEXES: PayerIndexes = { phone: null, document: null };

/** Rows of the list of transactions, one statement for a whole batch. */
@Injectable()
export class TransactionViewProjection extends Projection {
  readonly name = 'transaction-view';
  readonly version = 1;
  readonly categories = ['transaction'] as const;
  readonly tables = ['read.transaction_view'] as const;
  override readonly sums = [
    {
      table: 'read.transaction_view',
      by: ['merchant_id', 'currency', 'status'],
      of: ['amount_minor', 'bank_amount_minor'],
    },
  ] as const;

  constructor(private readonly vault: PersonalDataVault) {
    super();
  }

  async apply(tx: DatabaseTransaction, events: readonly StoredEvent[]): Promise<void> {
    const known = events as readonly StoredTransactionEvent[];
    const payers = await this.indexes(known);
    const before = await rowsOf(tx, known);
    const after = new Map<string, TransactionRow>(before);
    for (const event of known) {
      const row = after.get(event.streamName) ?? null;
      const next = rowAfter(row, event, payers.get(event) ?? NO_INDEXES);
      if (next !== null) after.set(event.streamName, next);
    }
    const changed = [...after].filter(([stream, row]) => before.get(stream) !== row);
    await write(
      tx,
      changed.map(([, row]) => row),
    );
  }

  /** The blind indexes of the batch's new and corrected claims, with one look for all their keys. */
  private async indexes(
    events: readonly StoredTransactionEvent[],
  ): Promise<ReadonlyMap<StoredTransactionEvent, PayerIndexes>> {
    const sealed = events.flatMap((event) => {
      const isClaim =
        event.type === 'TransactionSubmitted.v1' || event.type === 'TransactionCorrected.v1';
      const box = isClaim ? event.data.payer.sealed : null;
      return box === null ? [] : [{ event, box }];
    });
    if (sealed.length === 0) return new Map();
    const opened = await this.vault.openMany(sealed.map(({ box }) => box));
    return new Map(
      sealed.map(({ event }, at) => [
        event,
        {
          phone: this.indexOf('phone', opened[at]?.phone),
          document: this.indexOf('document', opened[at]?.document),
        },
      ]),
    );
  }

  private indexOf(field: keyof PayerIndexes, value: string | null | undefined): string | null {
    return value === null || value === undefined ? null : this.vault.blindIndex(field, value);
  }
}

const STREAM = 'transaction-';
// By name and not in the text, so that a rebuild may fill the table of another schema.
const VIEW = sql.table('read.transaction_view');

/** The rows that exist, by stream. Claims that begin in this batch are looked for too: a batch may come twice. */
async function rowsOf(
  tx: DatabaseTransaction,
  events: readonly StoredTransactionEvent[],
): Promise<ReadonlyMap<string, TransactionRow>> {
  const ids = [...new Set(events.map(({ streamName }) => streamName.slice(STREAM.length)))];
  const rows = await tx
    .selectFrom('read.transaction_view')
    .selectAll()
    .where('transaction_id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute();
  return new Map(rows.map((row) => [`${STREAM}${row.transaction_id}`, row]));
}

/** One statement and one parameter, however many rows; a row that is ahead of ours stays. */
async function write(tx: DatabaseTransaction, rows: readonly TransactionRow[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first).filter((column) => column !== 'transaction_id');
  const assignments = columns.map(
    (column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`,
  );
  await sql`
    insert into ${VIEW} as known
    select * from jsonb_populate_recordset(
      null::${VIEW}, ${rowsAsJson(rows)}::jsonb)
    on conflict (transaction_id) do update set ${sql.join(assignments)}
    where known.position < excluded.position`.execute(tx);
}
