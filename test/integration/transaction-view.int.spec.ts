import * as fc from 'fast-check';
import type { PostgresConnection } from '../../src/platform/database/postgres-connection.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import {
  evolve,
  initialState,
  type Transaction,
} from '../../src/transactions/domain/transaction.js';
import type { TransactionEvent } from '../../src/transactions/events/transaction.event.js';
import { resourceOf } from '../../src/transactions/get-transaction/transaction.resource.js';
import { resourceOfRow } from '../../src/transactions/list-transactions/row.resource.js';
import { TransactionViewProjection } from '../../src/transactions/list-transactions/transaction-view.projection.js';
import { aClaim, aMovement, anId, happened } from '../support/a-transaction.js';
import { applied, givenProjection } from '../support/given-projection.js';
import { batchesOf, logs } from '../support/histories.js';
import { InMemoryVault } from '../support/in-memory-vault.js';
import { freshReadModels, type ReadModels } from '../support/read-models.js';
import { Log } from '../support/stored-events.js';

const TABLE = { table: 'read.transaction_view', orderBy: 'submitted_position' } as const;

let readModels: ReadModels;
let db: PostgresConnection;
let vault: InMemoryVault;
let projection: TransactionViewProjection;

beforeAll(async () => {
  readModels = await freshReadModels();
  db = readModels.db;
});

afterAll(() => readModels.close());

beforeEach(async () => {
  await readModels.empty(TABLE.table);
  vault = new InMemoryVault();
  projection = new TransactionViewProjection(vault);
});

const given = (...events: readonly StoredEvent[]) =>
  givenProjection(db, projection).given(...events);

describe('projecting transactions into their list', () => {
  it('writes a claim with masks and blind indexes, and nothing of the payer in clear', async () => {
    const sealed = await vault.seal({
      phone: '+584121234567',
      document: 'V12345678',
      name: 'Ana',
      concept: 'lunch',
      metadata: null,
    });
    const payer = {
      phoneMask: '*******67',
      documentMask: '*******78',
      nameMask: 'A*******',
      sealed,
    };

    await given(new Log().next(happened.submitted({ payer }))).thenRows(TABLE, [
      {
        transaction_id: anId('transaction'),
        status: 'pending',
        amount_minor: 12_000n,
        paid_on: '2026-03-10',
        reference: '000683473078',
        reference_canonical: '683473078',
        payer_phone_mask: '*******67',
        payer_phone_index: vault.blindIndex('phone', '+584121234567'),
        payer_document_index: vault.blindIndex('document', 'V12345678'),
        submitted_at: new Date('2026-03-10T14:00:00.000Z'),
        version: 0n,
        submitted_position: 137n,
        position: 137n,
      },
    ]);
    const text = JSON.stringify(
      await db.kysely.selectFrom('read.transaction_view').selectAll().execute(),
      (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
    );
    expect(text).not.toMatch(/4121234567|12345678|"Ana"|lunch/);
  });

  it('has no blind index where the payer is erased', async () => {
    const sealed = { keyId: 'erased', box: 'x' };
    const payer = { ...aClaim().payer, sealed };

    await given(new Log().next(happened.submitted({ payer }))).thenRows(TABLE, [
      { payer_phone_index: null, payer_document_index: null },
    ]);
  });

  it('looks for keys once, however many claims a batch holds', async () => {
    const log = new Log();
    const events = await Promise.all(
      ['one', 'two', 'three'].map(async (name) => {
        const phone = '+584121234567';
        const nothing = { document: null, name: null, concept: null, metadata: null };
        const sealed = await vault.seal({ phone, ...nothing });
        const transactionId = anId(name);
        const payer = { ...aClaim().payer, sealed };
        return log.next(happened.submitted({ transactionId, payer }), transactionId);
      }),
    );

    await applied(db, projection, events);

    expect(vault.looks).toBe(1);
  });

  it('tells the verdict', async () => {
    const history = [
      happened.submitted(),
      happened.askStarted(),
      happened.askAnswered(),
      happened.bindingProposed(),
      happened.verified({ bankAmountMinor: 12_005, amountDifferenceMinor: 5, late: true }),
    ];

    await given(...new Log().all(history)).thenRows(TABLE, [
      {
        status: 'verified',
        bank_on: '2026-03-10',
        bank_amount_minor: 12_005n,
        amount_difference_minor: 5n,
        late: true,
        version: 4n,
      },
    ]);
  });

  it('keeps the evidence for a reviewer, each movement once', async () => {
    const candidates = [aMovement({ movementKey: 'a' }), aMovement({ movementKey: 'b' })];
    const history = [
      happened.submitted(),
      happened.flagged({ reason: 'ambiguous_movements', candidates }),
      happened.flagged({ reason: 'ambiguous_movements', candidates }),
    ];

    await given(...new Log().all(history)).thenRows(TABLE, [
      { status: 'needs_review', status_reason: 'ambiguous_movements', evidence: candidates },
    ]);
  });

  it('stays as it is when older events come again after newer ones', async () => {
    const events = new Log().all([happened.submitted(), happened.cancelled()]);
    await applied(db, projection, events);

    await given(...events.slice(0, 1)).thenRows(TABLE, [{ status: 'cancelled', version: 1n }]);
  });

  it('refuses a history without its beginning, so that it is put aside', async () => {
    const [, second] = new Log().all([happened.submitted(), happened.cancelled()]);

    await expect(applied(db, projection, second === undefined ? [] : [second])).rejects.toThrow(
      'begins with its submission',
    );
  });

  it('says of every history what the log says of it, however it is cut into batches', async () => {
    await fc.assert(
      fc
        .asyncProperty(logs, async ({ events, cuts }) => {
          for (const batch of batchesOf(events, cuts)) {
            await applied(db, projection, batch);
            await applied(db, projection, batch);
          }

          const rows = await db.kysely.selectFrom('read.transaction_view').selectAll().execute();
          const listed = new Map(rows.map((row) => [row.transaction_id, resourceOfRow(row)]));
          for (const [id, state] of statesOf(events)) {
            expect(listed.get(id)).toEqual(state.status === 'none' ? null : resourceOf(state));
          }
        })
        .afterEach(() => readModels.empty(TABLE.table)),
      { numRuns: 60 },
    );
  });
});

function statesOf(events: readonly StoredEvent[]): ReadonlyMap<string, Transaction> {
  const states = new Map<string, Transaction>();
  for (const event of events) {
    const id = event.streamName.replace('transaction-', '');
    states.set(id, evolve(states.get(id) ?? initialState, event as StoredEvent & TransactionEvent));
  }
  return states;
}
