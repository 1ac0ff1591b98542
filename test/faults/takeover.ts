import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { eventually } from '../support/eventually.js';
import { happened } from '../support/a-transaction.js';
import type { WholeProduct } from './whole-product.js';

const GIVEN_UP_AFTER_MS = 60_000;

/** Kills the process that leads the read models while another stands by; how long until that one has gone on. */
export async function measureTakeover(product: WholeProduct): Promise<number> {
  const standby = await product.startStandby();
  try {
    await product.killService();
    const killedAt = performance.now();
    const id = await appendClaim(product.eventStoreUrl);
    await eventually(
      async () => {
        const rows = await product.query(
          `select 1 from read.transaction_view where transaction_id = '${id}'`,
        );
        return rows.length === 1;
      },
      { withinMs: GIVEN_UP_AFTER_MS, everyMs: 20 },
    );
    return Math.round(performance.now() - killedAt);
  } finally {
    await standby.kill();
  }
}

async function appendClaim(url: string): Promise<string> {
  const transactionId = randomUUID();
  const { type, data } = happened.submitted({ transactionId });
  const metadata = { actor: 'process:faults', requestId: '', traceId: null, previousHash: null };
  const client = EventStoreDBClient.connectionString(url);
  await client.appendToStream(
    `transaction-${transactionId}`,
    jsonEvent({ id: randomUUID(), type, data: data as never, metadata }),
    { expectedRevision: 'no_stream' },
  );
  await client.dispose();
  return transactionId;
}
