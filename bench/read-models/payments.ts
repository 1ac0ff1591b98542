import { createSecretKey, randomUUID } from 'node:crypto';
import { jsonEvent, type EventStoreDBClient } from '@eventstore/db-client';
import { SystemClock } from '../../src/kernel/clock.js';
import type { Event } from '../../src/kernel/event.js';
import { SystemRandomSource } from '../../src/kernel/ids.js';
import type { DatabaseConnection } from '../../src/platform/database/database.js';
import { DataKeyStore } from '../../src/platform/personal-data/data-key.store.js';
import { MasterKeys } from '../../src/platform/personal-data/master-keys.js';
import { StoredPersonalDataVault } from '../../src/platform/personal-data/stored-personal-data-vault.js';
import { anId, happened } from '../../test/support/a-transaction.js';

/** A claim is asked about while so many others are submitted: a stream's events do not stand side by side. */
const APART = 1_000;
const CALLERS = 64;
const MERCHANTS = 20;

const METADATA = {
  actor: 'api_key:bench',
  requestId: 'bench',
  $correlationId: randomUUID(),
  $causationId: randomUUID(),
  traceId: null,
  previousHash: null,
};

export const stored = ({ type, data }: Event) =>
  jsonEvent({ id: randomUUID(), type, data: data as never, metadata: METADATA });

export const vaultOf = (
  db: DatabaseConnection,
  keys: { readonly masterKey: string; readonly indexKey: string },
): StoredPersonalDataVault =>
  new StoredPersonalDataVault({
    keys: new DataKeyStore(
      db,
      new MasterKeys(createSecretKey(Buffer.from(keys.masterKey, 'base64'))),
      new SystemRandomSource(),
    ),
    indexKey: createSecretKey(Buffer.from(keys.indexKey, 'base64')),
    clock: new SystemClock(),
  });

/** The first event of a payment, its payer sealed under a key of his own. */
export async function submission(vault: StoredPersonalDataVault, transactionId: string, n: number) {
  const sealed = await vault.seal({
    phone: '+584125555555',
    document: 'V12345678',
    name: 'Payer of a benchmark',
    concept: null,
    metadata: null,
  });
  return happened.submitted({
    transactionId,
    merchantId: anId(`merchant ${n % MERCHANTS}`),
    externalId: `order-${n}`,
    reference: String(100_000_000_000 + n),
    amountMinor: 10_000 + (n % 5_000),
    paidOn: `2026-03-${String(1 + (n % 28)).padStart(2, '0')}`,
    payer: { phoneMask: '*******55', documentMask: '******78', nameMask: null, sealed },
  });
}

const verdict = (n: number): readonly Event[] => [
  happened.askStarted({ askId: anId(`ask ${n}`) }),
  happened.askAnswered({ askId: anId(`ask ${n}`), outcome: 'found', movements: 1 }),
  happened.verified({ bankAmountMinor: 10_000 + (n % 5_000) }),
];

/** So many payments, four events each: submitted, asked about, answered, verified. */
export async function fillLog(
  client: EventStoreDBClient,
  vault: StoredPersonalDataVault,
  payments: number,
): Promise<void> {
  const ids: string[] = [];
  let next = 0;
  const settle = async (n: number): Promise<void> => {
    const stream = `transaction-${ids[n]}`;
    await client.appendToStream(stream, verdict(n).map(stored), { expectedRevision: 0n });
  };
  const work = async (): Promise<void> => {
    while (next < payments) {
      const n = next;
      next += 1;
      const id = randomUUID();
      ids[n] = id;
      const event = stored(await submission(vault, id, n));
      await client.appendToStream(`transaction-${id}`, event, { expectedRevision: 'no_stream' });
      if (n >= APART) await settle(n - APART);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, work));
  for (let n = Math.max(0, payments - APART); n < payments; n += 1) await settle(n);
}
