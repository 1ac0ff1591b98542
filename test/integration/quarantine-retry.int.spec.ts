import * as fc from 'fast-check';
import { sql } from 'kysely';
import { AuditProjection } from '../../src/access/audit/audit.projection.js';
import { securityActRecorded } from '../../src/access/acts/security-act.event.js';
import { DailyTotalsProjection } from '../../src/finance/daily-totals/daily-totals.projection.js';
import { MovementsProjection } from '../../src/finance/movements/movements.projection.js';
import { TransactionStatesProjection } from '../../src/finance/transaction-states/transaction-states.projection.js';
import type { DatabaseTransaction } from '../../src/platform/database/database.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import { openCheckpoint } from '../../src/platform/projections/checkpoint-store.js';
import { ProjectionWriter } from '../../src/platform/projections/projection-writer.js';
import { Projection, type ReadApplied } from '../../src/platform/projections/projection.js';
import { heldStreams } from '../../src/platform/projections/quarantine.js';
import { retryStream } from '../../src/platform/projections/quarantine-retry.js';
import { TransactionViewProjection } from '../../src/transactions/list-transactions/transaction-view.projection.js';
import { transactionStream } from '../../src/transactions/domain/transaction-id.js';
import { transactionEvents } from '../../src/transactions/events/transaction.event.js';
import { slotEvents } from '../../src/verification/bind-movement/slot.event.js';
import { sweepEvents } from '../../src/verification/record-sweep/sweep.event.js';
import { VerificationQueueProjection } from '../../src/verification/verification-queue.projection.js';
import { VerificationConfig } from '../../src/verification/verification.config.js';
import { WorldLog } from '../simulation/follower.js';
import { anId, happened } from '../support/a-transaction.js';
import { applied } from '../support/given-projection.js';
import { batchesOf } from '../support/histories.js';
import { InMemoryVault } from '../support/in-memory-vault.js';
import { freshReadModels, type ReadModels } from '../support/read-models.js';
import { RIG_SETTINGS } from '../support/rig-surroundings.js';
import { tangledHistories, type Told } from '../support/tangled-histories.js';
import { eventToAppend } from '../support/event-to-append.js';

const QUEUE = new VerificationQueueProjection(new VerificationConfig(RIG_SETTINGS));
const REAL: readonly Projection[] = [
  new TransactionViewProjection(new InMemoryVault()),
  new DailyTotalsProjection(),
  new TransactionStatesProjection(),
  new AuditProjection(),
  new MovementsProjection(),
  QUEUE,
];
// A history in which the account of a claim is swept after the bank was asked about it.
const TABLES = REAL.flatMap(({ tables }) => tables);
const BOOKS = ['read.quarantined_event', 'read.projection_checkpoint'];

/** A real read model that cannot bear some events. */
class Allergic extends Projection {
  readonly name;
  readonly version;
  readonly categories;
  readonly tables;

  constructor(
    private readonly inner: Projection,
    private readonly poisons: ReadonlySet<string>,
  ) {
    super();
    this.name = inner.name;
    this.version = inner.version;
    this.categories = inner.categories;
    this.tables = inner.tables;
  }

  async apply(tx: DatabaseTransaction, events: readonly StoredEvent[]): Promise<void> {
    // After the others of its batch, whose rows must then be undone.
    await this.inner.apply(tx, events);
    if (events.some(({ eventId }) => this.poisons.has(eventId))) throw new RangeError('poison');
  }

  override unmake(
    tx: DatabaseTransaction,
    held: readonly StoredEvent[],
    read: ReadApplied,
  ): Promise<readonly StoredEvent[]> {
    return this.inner.unmake(tx, held, read);
  }
}

let readModels: ReadModels;

beforeAll(async () => {
  readModels = await freshReadModels();
});

afterAll(() => readModels.close());

const empty = () => readModels.empty(...TABLES, ...BOOKS);

const dump = async () => {
  const tables: Record<string, readonly string[]> = {};
  for (const table of TABLES) {
    const { rows } = await sql<{ row: string }>`
      select to_jsonb(t)::text as row from ${sql.table(table)} t order by 1`.execute(
      readModels.db.kysely,
    );
    tables[table] = rows.map(({ row }) => row);
  }
  return tables;
};

async function written(history: readonly Told[]) {
  const store = new WorldLog([
    ...transactionEvents,
    ...slotEvents,
    ...sweepEvents,
    securityActRecorded,
  ]);
  const revisions = new Map<string, bigint>();
  for (const { streamName, event } of history) {
    const last = revisions.get(streamName);
    const eventId = anId(`${streamName} ${last ?? -1n}`);
    const metadata = {
      actor: 'api_key:1',
      requestId: 'request-1',
      $correlationId: 'request-1',
      $causationId: 'request-1',
      traceId: null,
      previousHash: null,
    };
    await store.append(streamName, last ?? 'no_stream', [
      eventToAppend({ eventId, ...event, metadata }),
    ]);
    revisions.set(streamName, (last ?? -1n) + 1n);
  }
  return { store, events: store.written() };
}

const ofIts = ({ categories }: Projection, events: readonly StoredEvent[]) =>
  events.filter(({ streamName }) => categories.includes(streamName.split('-')[0] ?? ''));

/** Follows the log in batches from where the rows stand. */
async function follow(projection: Projection, batches: readonly (readonly StoredEvent[])[]) {
  const writer = new ProjectionWriter(readModels.db, projection);
  await writer.open();
  for (const batch of batches) {
    const last = batch.at(-1);
    if (last === undefined) continue;
    const from = await openCheckpoint(readModels.db.kysely, projection);
    await writer.apply(from, { events: batch, upTo: last });
  }
}

const cases = fc.record({
  history: tangledHistories,
  poisons: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
  retryAfter: fc.nat(),
  cuts: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 }),
  backwards: fc.boolean(),
});

describe('retrying what is in quarantine', () => {
  it('leaves the rows of a replay in every read model, wherever the poison was', async () => {
    await fc.assert(
      fc
        .asyncProperty(cases, async ({ history, poisons, retryAfter, cuts, backwards }) => {
          const { store, events } = await written(history);
          const bad = new Set(poisons.map((n) => events[n % events.length]?.eventId ?? ''));
          const seen = 1 + (retryAfter % events.length);
          for (const real of REAL) {
            const before = ofIts(real, events.slice(0, seen));
            const after = ofIts(real, events.slice(seen));
            await follow(new Allergic(real, bad), batchesOf(before, cuts));
            const held = [...(await heldStreams(readModels.db.kysely, [real.name]))];
            for (const { streamName } of backwards ? held.reverse() : held) {
              const parts = { db: readModels.db, store };
              expect(await retryStream(parts, real, streamName)).toMatchObject({ left: 0 });
            }
            await follow(real, batchesOf(after, cuts));
          }
          const retried = await dump();
          await empty();
          for (const real of REAL) await applied(readModels.db, real, ofIts(real, events));
          expect(retried).toEqual(await dump());
        })
        .afterEach(empty),
      { numRuns: 20 },
    );
  });

  it('changes nothing when what was applied before cannot be applied again', async () => {
    const streamName = transactionStream(anId('transaction'));
    const told = [happened.submitted(), happened.askStarted(), happened.askAnswered()];
    const { store, events } = await written(told.map((event) => ({ streamName, event })));
    const [submitted = '', asked = ''] = events.map(({ eventId }) => eventId);
    await follow(new Allergic(QUEUE, new Set([asked])), [events]);
    const before = await dump();

    const worse = new Allergic(QUEUE, new Set([submitted]));
    const parts = { db: readModels.db, store };
    const retried = await retryStream(parts, worse, streamName);

    expect(retried).toEqual({
      applied: 0,
      left: 2,
      reason: 'events that were applied before cannot be applied again: RangeError: poison',
    });
    expect(await dump()).toEqual(before);
    await empty();
  });
});
