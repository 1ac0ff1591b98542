import { sql } from 'kysely';
import { uuidFrom } from '../../src/kernel/ids.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import type { TransactionEvent } from '../../src/transactions/events/transaction.event.js';
import {
  movementReleased,
  type MovementReleasedEvent,
} from '../../src/verification/bind-movement/movement-released.event.js';
import { VerificationQueueProjection } from '../../src/verification/verification-queue.projection.js';
import { VerificationConfig } from '../../src/verification/verification.config.js';
import { VerificationQueue } from '../../src/verification/verification-queue.store.js';
import { aMovement, happened, minutesLater, SLOT } from '../support/a-transaction.js';
import { RigDatabase, RIG_SETTINGS } from '../support/rig-surroundings.js';

const projection = new VerificationQueueProjection(new VerificationConfig(RIG_SETTINGS));

let database: RigDatabase;
let queue: VerificationQueue;
let nextPosition = 1n;

beforeAll(async () => {
  database = await RigDatabase.start();
  queue = new VerificationQueue(database.db);
});

afterAll(() => database.stop());

beforeEach(async () => {
  await database.db.kysely.deleteFrom('read.verification_queue').execute();
});

const idOf = (name: string): string => uuidFrom('queue', name);

const released = (name: string): MovementReleasedEvent =>
  movementReleased({
    slot: SLOT,
    movementKey: aMovement().movementKey,
    transactionId: idOf(name),
    reason: 'the wrong customer',
    releasedBy: 'user:1',
    releasedAt: minutesLater(9).toISOString(),
  });

/** Events of one transaction as the log would give them. */
const stored = (
  name: string,
  ...events: readonly (TransactionEvent | MovementReleasedEvent)[]
): StoredEvent[] =>
  events.map(({ type, data }, revision) => {
    nextPosition += 10n;
    return {
      eventId: uuidFrom('event', name, String(nextPosition)),
      type,
      data: type === 'TransactionSubmitted.v1' ? { ...data, transactionId: idOf(name) } : data,
      metadata: {
        actor: 'process:test',
        requestId: 'test',
        $correlationId: 'test',
        $causationId: 'test',
        traceId: null,
        previousHash: null,
      },
      streamName: type === 'MovementReleased.v1' ? `movement-${SLOT}` : `transaction-${idOf(name)}`,
      revision: BigInt(revision),
      position: nextPosition,
      preparePosition: nextPosition,
      recordedAt: minutesLater(0),
      hash: 'hash',
    };
  });

const apply = (events: readonly StoredEvent[]): Promise<void> =>
  database.db.kysely.transaction().execute((tx) => projection.apply(tx, events));

const rows = async () => {
  const found = await sql<Record<string, unknown>>`
    select * from read.verification_queue order by transaction_id`.execute(database.db.kysely);
  return found.rows;
};

const submitted = happened.submitted();
const asked = [happened.askStarted(), happened.askAnswered()];
const taken = [happened.bindingProposed(), happened.verified()];
const reopened = happened.flagged({ reason: 'reopened', note: 'why', flaggedBy: 'user:1' });

/** Transactions in every stage that the queue tells apart. */
const everything = () => [
  ...stored('submitted', submitted),
  ...stored('being asked', submitted, happened.askStarted()),
  ...stored('asked', submitted, ...asked),
  ...stored('being bound', submitted, ...asked, happened.bindingProposed()),
  ...stored('verified', submitted, ...asked, ...taken),
  ...stored('in review', submitted, ...asked, happened.flagged()),
  ...stored('expired', submitted, ...asked, happened.expired()),
  ...stored('owing', submitted, ...asked, ...taken, reopened),
  ...stored('released', submitted, ...asked, ...taken, reopened, released('released')),
];

describe('projecting the queue', () => {
  it('keeps one row per transaction', async () => {
    await apply(everything());

    expect(await rows()).toHaveLength(9);
  });

  it('says when to ask, and about which day', async () => {
    await apply(stored('a', submitted, ...asked));

    const [row] = await rows();
    expect(row).toMatchObject({
      standing: 'pending',
      due_at: minutesLater(2),
      asked_on: '2026-03-10',
      ask_deadline_at: null,
      proposed_at: null,
      release_owed: false,
    });
  });

  it('changes nothing when the last event comes twice', async () => {
    const events = everything();
    await apply(events);
    const before = await rows();
    await apply(events.slice(-1));

    expect(await rows()).toEqual(before);
  });

  it('changes nothing when all events come twice', async () => {
    const events = everything();
    await apply(events);
    const before = await rows();
    await apply(events);

    expect(await rows()).toEqual(before);
  });

  it('gives the same rows one by one as all at once', async () => {
    const events = everything();
    await apply(events);
    const atOnce = await rows();
    await database.db.kysely.deleteFrom('read.verification_queue').execute();
    for (const event of events) await apply([event]);

    expect(await rows()).toEqual(atOnce);
  });

  it('says nothing of a transaction whose first event it never saw', async () => {
    await apply(stored('a', happened.askStarted()));

    expect(await rows()).toEqual([]);
  });
});

describe('looking for work in the queue', () => {
  const due = (minutes: number, except: readonly string[] = []) =>
    queue.due({
      credentialId: 'banesco',
      modes: ['live'],
      now: minutesLater(minutes),
      except: except.map(idOf),
    });

  it('finds what is due, and nothing before', async () => {
    await apply(stored('a', submitted, ...asked));

    expect(await due(1.9)).toEqual([]);
    expect(await due(2)).toEqual([
      expect.objectContaining({ transactionId: idOf('a'), askedOn: '2026-03-10' }),
    ]);
  });

  it('finds of each merchant the one that is due the longest', async () => {
    await apply([
      ...stored('later', happened.submitted({ submittedAt: minutesLater(1).toISOString() })),
      ...stored('first', submitted),
      ...stored('other', happened.submitted({ merchantId: 'other' })),
    ]);

    const found = await due(5);
    expect(found.map(({ transactionId }) => transactionId).sort()).toEqual(
      [idOf('first'), idOf('other')].sort(),
    );
  });

  it('leaves out what is under way already', async () => {
    await apply([...stored('a', submitted), ...stored('b', submitted)]);

    const found = await due(5, ['a']);
    expect(found.map(({ transactionId }) => transactionId)).toEqual([idOf('b')]);
  });

  it('leaves out claims of test keys and of other credentials', async () => {
    await apply([
      ...stored('test', happened.submitted({ mode: 'test' })),
      ...stored('elsewhere', happened.submitted({ credentialId: 'another' })),
    ]);

    expect(await due(5)).toEqual([]);
  });

  it('finds asks past their deadline', async () => {
    await apply(everything());

    expect(await queue.withOverdueAsk(minutesLater(2))).toEqual([]);
    expect(await queue.withOverdueAsk(minutesLater(3))).toEqual([
      { transactionId: idOf('being asked'), askId: happened.askStarted().data.askId },
    ]);
  });

  it('finds bindings that were begun', async () => {
    await apply(everything());

    expect(await queue.withProposalBefore(minutesLater(2))).toEqual([]);
    expect(await queue.withProposalBefore(minutesLater(3))).toEqual([idOf('being bound')]);
  });

  it('finds movements that are owed back, until their slot lets go', async () => {
    await apply(everything());

    const owing = await queue.owingRelease();
    expect(owing.map(({ claim }) => claim.transactionId)).toEqual([idOf('owing')]);
  });

  it('counts who waits, and since when', async () => {
    await apply(everything());

    expect(await queue.census()).toEqual({
      pending: 4,
      oldestSubmittedAt: minutesLater(0),
    });
  });

  it('counts nobody in an empty queue', async () => {
    expect(await queue.census()).toEqual({ pending: 0, oldestSubmittedAt: null });
  });
});
