import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import type { StoredEvent } from '../../platform/event-store/stored-event.js';
import { Projection } from '../../platform/projections/projection.js';
import { rowsAsJson } from '../../platform/projections/rows-as-json.js';
import {
  isTellable,
  tell,
  type TellableEvent,
  type Telling,
} from '../../transactions/public-message/telling.message.js';
import type { TransactionMessage } from '../../transactions/public-message/transaction.message.js';
import '../endpoints/webhook-endpoint.table.js';
import { wants } from '../webhook-message.js';
import { putOut } from './outbox.store.js';
import './webhook-delivery.table.js';

type StoredTransactionEvent = StoredEvent & TellableEvent;

/** What was told of a transaction, and by which event. */
interface ToldUpTo {
  readonly telling: Telling;
  readonly position: bigint;
}

interface ToldNow {
  readonly message: TransactionMessage;
  readonly recordedAt: Date;
}

const STREAM = 'transaction-';
// An endpoint hears what is recorded after it was made. The clocks of the stores may differ by some seconds; what
// somebody hears beyond that harms nobody, what he misses does.
const CLOCKS_DIFFER_MS = 300_000;

/**
 * Writes down what is to be delivered to whom, in the transaction that moves the checkpoint. It has no rows that could
 * be rebuilt: what was told is truth of its own, since telling cannot be taken back, and by it an event that comes
 * again tells nothing, be it by a rebuild, a retry of what was quarantined or a new version (decision 72).
 */
@Injectable()
export class WebhookOutboxProjection extends Projection {
  readonly name = 'webhook-outbox';
  readonly version = 1;
  readonly categories = ['transaction'] as const;
  readonly tables = [] as const;

  async apply(tx: DatabaseTransaction, events: readonly StoredEvent[]): Promise<void> {
    const tellable = events.filter(({ type }) => isTellable(type)) as StoredTransactionEvent[];
    if (tellable.length === 0) return;
    const before = await toldBefore(tx, tellable.map(transactionOf));
    const after = new Map(before);
    const told: ToldNow[] = [];
    for (const event of tellable) {
      const known = after.get(transactionOf(event)) ?? null;
      if (known !== null && event.position <= known.position) continue;
      const next = tell(known?.telling ?? null, event);
      if (next === null) continue;
      const { telling, message } = next;
      after.set(transactionOf(event), { telling, position: event.position });
      told.push({ message, recordedAt: event.recordedAt });
    }
    if (told.length === 0) return;
    await writeTold(
      tx,
      [...after].filter(([id, row]) => before.get(id) !== row),
    );
    await putOut(tx, await addressed(tx, told));
  }
}

const transactionOf = ({ streamName }: StoredEvent): string => streamName.slice(STREAM.length);

async function toldBefore(
  tx: DatabaseTransaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ToldUpTo>> {
  const rows = await tx
    .selectFrom('state.webhook_telling')
    .selectAll()
    .where('transaction_id', '=', sql<string>`any(${[...new Set(ids)]}::uuid[])`)
    .execute();
  return new Map(
    rows.map(({ transaction_id: id, telling, position }) => [id, { telling, position }]),
  );
}

async function writeTold(
  tx: DatabaseTransaction,
  told: readonly (readonly [string, ToldUpTo])[],
): Promise<void> {
  const rows = told.map(([id, row]) => ({ transaction_id: id, ...row }));
  await sql`
    insert into state.webhook_telling as known
    select * from jsonb_populate_recordset(null::state.webhook_telling, ${rowsAsJson(rows)}::jsonb)
    on conflict (transaction_id) do update set
      telling = excluded.telling, position = excluded.position
    where known.position < excluded.position`.execute(tx);
}

/** Each message with the endpoints that want it; they are held, so that none is deleted before it is written. */
async function addressed(tx: DatabaseTransaction, told: readonly ToldNow[]) {
  const merchants = new Set(told.map(({ message }) => message.data.transaction.merchant_id));
  const endpoints = await tx
    .selectFrom('state.webhook_endpoint')
    .select(['endpoint_id', 'merchant_id', 'mode', 'event_types', 'created_at'])
    .where('merchant_id', '=', sql<string>`any(${[...merchants]}::uuid[])`)
    .orderBy('endpoint_id')
    .forKeyShare()
    .execute();
  return told.map(({ message, recordedAt }) => {
    const { merchant_id: merchantId, mode } = message.data.transaction;
    const from = recordedAt.getTime() + CLOCKS_DIFFER_MS;
    const to = endpoints.filter(
      (endpoint) =>
        endpoint.merchant_id === merchantId &&
        endpoint.mode === mode &&
        endpoint.created_at.getTime() <= from &&
        wants(endpoint, message.type),
    );
    return { message, to };
  });
}
