import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import type { StoredEvent } from '../../platform/event-store/stored-event.js';
import { Projection } from '../../platform/projections/projection.js';
import { rowsAsJson } from '../../platform/projections/rows-as-json.js';
import {
  stateAfter,
  type StoredTransactionEvent,
  type TransactionState,
} from './transaction-state.js';
import './transaction-state.table.js';

/** Every state that finance could ever have read of a transaction, each with the places in the log between which it holds. */
@Injectable()
export class TransactionStatesProjection extends Projection {
  readonly name = 'transaction-states';
  readonly version = 1;
  readonly categories = ['transaction'] as const;
  readonly tables = ['read.transaction_state'] as const;
  override readonly sums = [
    {
      table: 'read.transaction_state',
      by: ['merchant_id', 'currency', 'status'],
      of: ['claimed_minor', 'bank_minor'],
    },
  ] as const;

  async apply(tx: DatabaseTransaction, events: readonly StoredEvent[]): Promise<void> {
    const known = events as readonly StoredTransactionEvent[];
    const latest = new Map<string, TransactionState | null>(await latestOf(tx, known));
    const ended: TransactionState[] = [];
    const begun = new Map<TransactionState, TransactionState>();
    for (const event of known) {
      const before = latest.get(event.streamName) ?? null;
      const after = stateAfter(before, event);
      if (after === null || after === before) continue;
      latest.set(event.streamName, after);
      begun.set(after, after);
      if (before === null) continue;
      const closed = { ...before, until_position: after.from_position };
      if (begun.has(before)) begun.set(before, closed);
      else ended.push(closed);
    }
    await end(tx, ended);
    await begin(tx, [...begun.values()]);
  }
}

const STREAM = 'transaction-';
// By name and not in the text, so that a rebuild may fill the table of another schema.
const STATES = sql.table('read.transaction_state');

async function latestOf(
  tx: DatabaseTransaction,
  events: readonly StoredTransactionEvent[],
): Promise<ReadonlyMap<string, TransactionState>> {
  const ids = [...new Set(events.map(({ streamName }) => streamName.slice(STREAM.length)))];
  const states = await tx
    .selectFrom('read.transaction_state')
    .selectAll()
    .where('transaction_id', '=', sql<string>`any(${ids}::uuid[])`)
    .where('until_position', 'is', null)
    .execute();
  return new Map(states.map((state) => [`${STREAM}${state.transaction_id}`, state]));
}

async function end(tx: DatabaseTransaction, states: readonly TransactionState[]): Promise<void> {
  if (states.length === 0) return;
  await sql`
    update ${STATES} known set until_position = ended.until_position
    from jsonb_populate_recordset(null::${STATES}, ${rowsAsJson(states)}::jsonb) ended
    where known.transaction_id = ended.transaction_id
      and known.from_position = ended.from_position
      and known.until_position is null`.execute(tx);
}

async function begin(tx: DatabaseTransaction, states: readonly TransactionState[]): Promise<void> {
  if (states.length === 0) return;
  await sql`
    insert into ${STATES}
    select * from jsonb_populate_recordset(null::${STATES}, ${rowsAsJson(states)}::jsonb)
    on conflict (transaction_id, from_position) do nothing`.execute(tx);
}
