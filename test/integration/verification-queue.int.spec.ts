import { sql } from 'kysely';
import { uuidFrom } from '../../src/kernel/ids.js';
import type { BankOutcome } from '../../src/matching/bank-answer.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import type { TransactionEvent } from '../../src/transactions/events/transaction.event.js';
import {
  movementReleased,
  type MovementReleasedEvent,
} from '../../src/verification/bind-movement/movement-released.event.js';
import { sweepAnswered } from '../../src/verification/record-sweep/sweep-answered.event.js';
import { sweepStarted } from '../../src/verification/record-sweep/sweep-started.event.js';
import type { SweepEvent } from '../../src/verification/record-sweep/sweep.event.js';
import { AccountSweeps } from '../../src/verification/account-sweeps.store.js';
import { LeftOpen } from '../../src/verification/left-open.store.js';
import { VerificationQueueProjection } from '../../src/verification/verification-queue.projection.js';
import { VerificationConfig } from '../../src/verification/verification.config.js';
import { VerificationQueue } from '../../src/verification/verification-queue.store.js';
import { aMovement, anId, happened, minutesLater, SLOT } from '../support/a-transaction.js';
import { RigDatabase, RIG_SETTINGS } from '../support/rig-surroundings.js';

const projection = new VerificationQueueProjection(new VerificationConfig(RIG_SETTINGS));

let database: RigDatabase;
let queue: VerificationQueue;
let leftOpen: LeftOpen;
let nextPosition = 1n;

beforeAll(async () => {
  database = await RigDatabase.start();
  queue = new VerificationQueue(database.db);
  leftOpen = new LeftOpen(database.db);
});

afterAll(() => database.stop());

beforeEach(() => empty());

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

const streamOf = (type: string, name: string): string => {
  if (type.startsWith('Sweep')) return `sweep-${name}`;
  return type === 'MovementReleased.v1' ? `movement-${SLOT}` : `transaction-${idOf(name)}`;
};

/** Events of one transaction as the log would give them. */
const stored = (
  name: string,
  ...events: readonly (TransactionEvent | MovementReleasedEvent | SweepEvent)[]
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
      streamName: streamOf(type, name),
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

const sweeps = async () => {
  const found = await sql<Record<string, unknown>>`
    select * from read.account_sweep order by sweep_id`.execute(database.db.kysely);
  return found.rows;
};

const empty = async () => {
  await database.db.kysely.deleteFrom('read.verification_queue').execute();
  await database.db.kysely.deleteFrom('read.account_sweep').execute();
};

/** Events of a sweep of the account that every claim here was paid to. */
const swept = (name: string, ...outcomes: readonly BankOutcome[]): StoredEvent[] => {
  const sweepId = idOf(name);
  const range = { receivingAccountId: anId('account'), from: '2026-03-09', to: '2026-03-11' };
  const started = sweepStarted({
    sweepId,
    ...range,
    bank: '0134',
    credentialId: 'banesco',
    permitId: anId('permit'),
    startedAt: minutesLater(10).toISOString(),
    deadlineAt: minutesLater(11).toISOString(),
  });
  const answered = outcomes.map((outcome) =>
    sweepAnswered({
      sweepId,
      ...range,
      outcome,
      bankCode: null,
      httpStatus: 200,
      durationMs: 1_000,
      answerHash: null,
      permitIds: [],
      movements: 0,
      retryAfterMs: null,
      answeredAt: minutesLater(10).toISOString(),
    }),
  );
  return stored(name, started, ...answered);
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
  ...swept('listing', 'found'),
  ...stored('after the listing', submitted, ...asked),
  ...swept('listing under way'),
  ...swept('too large', 'range_too_large'),
];

describe('projecting the queue', () => {
  it('keeps one row per transaction', async () => {
    await apply(everything());

    expect(await rows()).toHaveLength(10);
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
    const before = [await rows(), await sweeps()];
    await apply(events);

    expect([await rows(), await sweeps()]).toEqual(before);
  });

  it('gives the same rows one by one as all at once', async () => {
    const events = everything();
    await apply(events);
    const atOnce = [await rows(), await sweeps()];
    await empty();
    for (const event of events) await apply([event]);

    expect([await rows(), await sweeps()]).toEqual(atOnce);
  });

  it('plans claims anew that a listing covered, and no others', async () => {
    await apply([
      ...stored('covered', submitted, ...asked),
      ...stored('elsewhere', happened.submitted({ receivingAccountId: 'other' }), ...asked),
      ...swept('listing', 'found'),
    ]);

    const due = new Map((await rows()).map((row) => [row['transaction_id'], row['due_at']]));
    expect(due.get(idOf('covered'))).toEqual(minutesLater(12));
    expect(due.get(idOf('elsewhere'))).toEqual(minutesLater(2));
  });

  it('plans nothing anew after a listing that failed', async () => {
    await apply([...stored('a', submitted, ...asked), ...swept('listing', 'unavailable')]);

    expect(await rows()).toEqual([expect.objectContaining({ due_at: minutesLater(2) })]);
  });

  it('says nothing of a transaction whose first event it never saw', async () => {
    await apply(stored('a', happened.askStarted()));

    expect(await rows()).toEqual([]);
  });
});

describe('looking for work in the queue', () => {
  const due = (minutes: number, except: readonly string[] = [], perMerchant = 1) =>
    queue.due({
      perMerchant,
      credentialId: 'banesco',
      modes: ['live'],
      now: minutesLater(minutes),
      patience: 0,
      waitsForCompany: true,
      except: except.map(idOf),
    });

  it('puts what a merchant wants asked now before its other claims', async () => {
    await apply(stored('a', submitted));
    await apply(stored('b', submitted));
    await apply(stored('c', submitted, happened.expired()));
    await apply(stored('c', happened.verificationRequested()));

    expect(await due(8)).toEqual([
      expect.objectContaining({ transactionId: idOf('c'), askedOn: '2026-03-10' }),
    ]);
    expect(await due(8, ['b', 'c'])).toEqual([
      expect.objectContaining({ transactionId: idOf('a') }),
    ]);
    const two = await due(8, [], 2);
    expect(two.map(({ transactionId }) => transactionId)[0]).toBe(idOf('c'));
    expect(two).toHaveLength(2);
  });

  it('looks for a corrected claim on its corrected day', async () => {
    await apply(stored('a', submitted, ...asked));
    await apply(stored('a', happened.corrected()));

    expect(await rows()).toMatchObject([{ paid_on: '2026-03-09', asked_on: '2026-03-09' }]);
  });

  it('knows nothing of a key that is reserved for another', async () => {
    await apply(stored('a', happened.keyReserved()));

    expect(await rows()).toEqual([]);
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

    expect(await leftOpen.withOverdueAsk(minutesLater(2))).toEqual([]);
    expect(await leftOpen.withOverdueAsk(minutesLater(3))).toEqual([
      { transactionId: idOf('being asked'), askId: happened.askStarted().data.askId },
    ]);
  });

  it('finds bindings that were begun', async () => {
    await apply(everything());

    expect(await leftOpen.withProposalBefore(minutesLater(2))).toEqual([]);
    expect(await leftOpen.withProposalBefore(minutesLater(3))).toEqual([idOf('being bound')]);
  });

  it('finds movements that are owed back, until their slot lets go', async () => {
    await apply(everything());

    const owing = await leftOpen.owingRelease();
    expect(owing.map(({ claim }) => claim.transactionId)).toEqual([idOf('owing')]);
  });

  it('finds listings past their deadline', async () => {
    await apply(everything());

    expect(await leftOpen.overdueSweeps(minutesLater(11))).toEqual([]);
    expect(await leftOpen.overdueSweeps(minutesLater(12))).toEqual([
      {
        sweepId: idOf('listing under way'),
        receivingAccountId: anId('account'),
        startedAt: minutesLater(10),
      },
    ]);
  });

  it('remembers for a week which ranges were too large', async () => {
    await apply(everything());
    const known = new AccountSweeps(database.db);
    const range = { receivingAccountId: anId('account'), from: '2026-03-09', to: '2026-03-11' };

    expect(await known.tooLarge('banesco', minutesLater(60))).toEqual([range]);
    expect(await known.tooLarge('banesco', minutesLater(8 * 24 * 60))).toEqual([]);
  });

  it('counts the due claims of each day of each account', async () => {
    await apply([
      ...stored('a', submitted),
      ...stored('b', submitted),
      ...stored('c', happened.submitted({ paidOn: '2026-03-09' })),
    ]);
    const question = {
      credentialId: 'banesco',
      modes: ['live' as const],
      now: minutesLater(1),
      patience: 0,
      waitsForCompany: true,
      except: [],
    };

    expect(await queue.dueDays(question)).toEqual([
      {
        receivingAccountId: anId('account'),
        merchantId: anId('merchant'),
        day: '2026-03-10',
        claims: 2,
        ready: 2,
        waiting: 2,
        hasFresh: true,
      },
      {
        receivingAccountId: anId('account'),
        merchantId: anId('merchant'),
        day: '2026-03-09',
        claims: 1,
        ready: 1,
        waiting: 1,
        hasFresh: true,
      },
    ]);
  });

  it('leaves out what may still wait for company', async () => {
    await apply(stored('a', submitted));
    const at = (seconds: number, patience: number) => {
      const now = new Date(minutesLater(0).getTime() + seconds * 1_000);
      return {
        credentialId: 'banesco',
        modes: ['live' as const],
        now,
        patience,
        except: [],
        waitsForCompany: true,
        perMerchant: 1,
      };
    };
    const found = async (seconds: number, patience: number) => ({
      due: (await queue.due(at(seconds, patience))).map(({ readyAt }) => readyAt),
      days: (await queue.dueDays(at(seconds, patience))).map(({ claims, ready }) => [
        claims,
        ready,
      ]),
    });

    // A first ask may wait for fifteen seconds where permits are scarce.
    expect(await found(7, 0.5)).toEqual({ due: [], days: [[1, 0]] });
    expect(await found(8, 0.5)).toEqual({
      due: [new Date(minutesLater(0).getTime() + 7_500)],
      days: [[1, 1]],
    });
    expect(await found(0, 0)).toEqual({ due: [minutesLater(0)], days: [[1, 1]] });
  });

  it('counts who waits, and since when', async () => {
    await apply(everything());

    expect(await queue.census()).toEqual({
      pending: 5,
      oldestSubmittedAt: minutesLater(0),
    });
  });

  it('counts nobody in an empty queue', async () => {
    expect(await queue.census()).toEqual({ pending: 0, oldestSubmittedAt: null });
  });
});
