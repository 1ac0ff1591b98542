import { sql } from 'kysely';
import type { CallerIdentity } from '../../src/access/caller.decorator.js';
import { GetCoverage } from '../../src/finance/coverage/get-coverage.query.js';
import { GetCoverageHandler } from '../../src/finance/coverage/get-coverage.query-handler.js';
import { ListMovements } from '../../src/finance/movements/list-movements.query.js';
import { ListMovementsHandler } from '../../src/finance/movements/list-movements.query-handler.js';
import { listMovementsQuery } from '../../src/finance/movements/list-movements.request.js';
import { countUnclaimed } from '../../src/finance/movements/movements.store.js';
import { MovementsProjection } from '../../src/finance/movements/movements.projection.js';
import type { Event } from '../../src/kernel/event.js';
import type { LocalDate } from '../../src/kernel/local-date.js';
import type { ObservedMovement } from '../../src/matching/observed-movement.js';
import { PageCursors } from '../../src/platform/http/page-cursor.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import { TransactionViewProjection } from '../../src/transactions/list-transactions/transaction-view.projection.js';
import { movementBound } from '../../src/verification/bind-movement/movement-bound.event.js';
import { movementObserved } from '../../src/verification/bind-movement/movement-observed.event.js';
import {
  CommissionShares,
  type CommissionShare,
} from '../../src/verification/commission-shares.port.js';
import { sweepAnswered } from '../../src/verification/record-sweep/sweep-answered.event.js';
import { aCaller } from '../support/a-submission.js';
import { aMovement, anId, happened } from '../support/a-transaction.js';
import { applied } from '../support/given-projection.js';
import { InMemoryVault } from '../support/in-memory-vault.js';
import { freshReadModels, type ReadModels } from '../support/read-models.js';
import { Log } from '../support/stored-events.js';
import { TestClock } from '../support/test-clock.js';

const MERCHANT = anId('merchant');
const OTHER = anId('another merchant');
const NUMBER = '01340000000000000017';
const OTHER_NUMBER = '01340000000000000025';
const STAFF = aCaller({ merchantId: null });
const SEEN_AT = '2026-03-10T15:00:00.000Z';

class HalfPercent extends CommissionShares {
  all(): readonly CommissionShare[] {
    return [{ bank: '0134', basisPoints: 50 }];
  }
}

const projection = new MovementsProjection();
const claims = new TransactionViewProjection(new InMemoryVault());
const shares = new HalfPercent();
let readModels: ReadModels;
let position = 10_000n;

/** An event of a slot or of a sweep, and what it followed from. */
const told = (streamName: string, event: Event, correlation: string): StoredEvent => {
  position += 137n;
  return {
    ...new Log().next(happened.submitted()),
    ...event,
    metadata: { ...new Log().next(happened.submitted()).metadata, $correlationId: correlation },
    streamName,
    position,
  };
};

interface Row {
  readonly reference: string;
  readonly askedFor?: string;
  readonly over?: Partial<ObservedMovement>;
  readonly askId?: string;
}

const slotOf = ({ reference, over }: Row): string =>
  `0134.J0000.${over?.direction ?? 'credit'}.20260310.${reference.slice(-6)}`;

const keyOf = ({ reference, over }: Row): string =>
  anId(`${reference} ${JSON.stringify(over)}`).replaceAll('-', '');

/** A row as a listing of the account shows it. */
const observed = (row: Row): StoredEvent => {
  const { reference, askedFor = anId('account'), over = {}, askId = reference } = row;
  const movementKey = keyOf(row);
  const shown = { account: NUMBER, movementKey, reference, payerPhoneMask: null, ...over };
  const event = movementObserved({
    slot: slotOf(row),
    movement: aMovement(shown),
    askId: anId(askId),
    observedAt: SEEN_AT,
  });
  return told(`movement-${slotOf(row)}`, event, askedFor);
};

const bound = (row: Row, transactionId: string, merchantId = MERCHANT): StoredEvent => {
  const holder = { transactionId, merchantId, externalId: 'order', proposalId: anId('proposal') };
  const event = movementBound({
    slot: slotOf(row),
    movementKey: keyOf(row),
    ...holder,
    boundAt: SEEN_AT,
  });
  return told(`movement-${slotOf(row)}`, event, transactionId);
};

const account = (id: string, merchantId: string, number: string) => sql`
  insert into state.receiving_account
    (receiving_account_id, merchant_id, bank, account_number, credential_id, added_by, added_at)
  values (${id}, ${merchantId}, '0134', ${number}, 'banesco', 'process:spec', now())`;

const claim = async (
  name: string,
  over: Parameters<typeof happened.submitted>[0],
  ...rest: readonly ReturnType<typeof happened.cancelled>[]
): Promise<void> => {
  const transactionId = anId(name);
  const receivingAccountId = anId('account');
  const first = happened.submitted({ transactionId, receivingAccountId, ...over });
  await applied(
    readModels.db,
    claims,
    new Log().all([first, ...rest] as Parameters<Log['all']>[0], transactionId),
  );
};

const VERIFIED: Row = { reference: '00683473078' };
const UNCLAIMED: Row = { reference: '00683500001' };
const PAYMENT: Row = { reference: '00683500002', askId: 'one listing' };
const FEE: Row = { reference: '00683500002', over: { amountMinor: 36 }, askId: 'one listing' };
const DEBIT: Row = { reference: '00683500003', over: { direction: 'debit' } };
const THEIRS: Row = { reference: '00683500004', over: { account: OTHER_NUMBER } };
const LOOKED_UP: Row = {
  reference: '500005',
  askedFor: anId('verified claim'),
  over: { account: null },
};
const SANDBOX: Row = { reference: '500006', askedFor: anId('test claim'), over: { account: null } };
const BY_TEST: Row = { reference: '00683500007' };
const WITHDRAWN: Row = { reference: '00683500008' };

beforeAll(async () => {
  readModels = await freshReadModels();
  const { db } = readModels;
  for (const merchantId of [MERCHANT, OTHER]) {
    await sql`
      insert into state.merchant (merchant_id, name, match_days, registered_by, registered_at)
      values (${merchantId}, 'a merchant', 30, 'process:spec', now())`.execute(db.kysely);
  }
  await account(anId('account'), MERCHANT, NUMBER).execute(db.kysely);
  await account(anId('their account'), OTHER, OTHER_NUMBER).execute(db.kysely);
  await claim('verified claim', {}, happened.verified() as never);
  await claim('test claim', { mode: 'test' });
  await claim('withdrawn claim', { reference: '683500008' }, happened.cancelled());
  await applied(db, projection, [
    observed(VERIFIED),
    bound(VERIFIED, anId('verified claim')),
    ...[UNCLAIMED, PAYMENT, FEE, DEBIT, THEIRS, LOOKED_UP, SANDBOX, BY_TEST, WITHDRAWN].map(
      observed,
    ),
    bound(BY_TEST, anId('test claim')),
    told(
      'sweep-1',
      sweepAnswered({
        sweepId: anId('sweep'),
        receivingAccountId: anId('account'),
        from: '2026-03-09',
        to: '2026-03-10',
        outcome: 'found',
        bankCode: '200',
        httpStatus: 200,
        durationMs: 10,
        answerHash: null,
        permitIds: [],
        movements: 7,
        retryAfterMs: null,
        answeredAt: SEEN_AT,
      }),
      anId('account'),
    ),
  ]);
});

afterAll(() => readModels.close());

const list = (query: object = {}, caller: CallerIdentity = STAFF) => {
  const clock = new TestClock(new Date('2026-03-11T15:00:00.000Z'));
  const cursors = new PageCursors(Buffer.alloc(32, 1), 'movements');
  const handler = new ListMovementsHandler(readModels.db, cursors, shares, clock);
  return handler.execute(new ListMovements(listMovementsQuery.parse(query), caller));
};

const shown = async (query: object = {}, caller: CallerIdentity = STAFF) =>
  (await list(query, caller)).data.map(({ reference, state }) => `${reference} ${state}`);

const ALL = [
  '00683500008 unclaimed',
  '500005 unclaimed',
  '00683500004 unclaimed',
  '00683500003 debit',
  '00683500002 commission',
  '00683500002 unclaimed',
  '00683500001 unclaimed',
  '00683473078 claimed',
];

describe('listing what the bank shows', () => {
  it('shows each movement once with its state, and nothing of a sandbox', async () => {
    expect((await shown()).toSorted()).toEqual(ALL.toSorted());
  });

  it('tells who holds a credit since when, and masks the account', async () => {
    const { data } = await list({ state: 'claimed' });

    expect(data).toEqual([
      expect.objectContaining({
        transaction_id: anId('verified claim'),
        bound_at: SEEN_AT,
        verified_at: expect.any(String) as string,
        receiving_account_id: anId('account'),
        merchant_id: MERCHANT,
        account: '*******17',
        amount: 12_000,
        bank_on: '2026-03-10',
        observed_at: SEEN_AT,
        cancelled_transaction_id: null,
      }),
    ]);
  });

  it('says null of what the bank did not say', async () => {
    const { data } = await list();

    expect(data.find(({ reference }) => reference === '500005')).toMatchObject({
      receiving_account_id: null,
      account: null,
      merchant_id: null,
      transaction_id: null,
      verified_at: null,
    });
  });

  it('points from an unclaimed credit to the withdrawn claim that it fits', async () => {
    const { data } = await list({ state: 'unclaimed' });
    const pointed = data.filter(({ cancelled_transaction_id: id }) => id !== null);

    expect(pointed.map(({ reference, cancelled_transaction_id: id }) => [reference, id])).toEqual([
      ['00683500008', anId('withdrawn claim')],
    ]);
  });

  it.each([
    [{ merchant_id: OTHER }, 1],
    [{ receiving_account_id: anId('account') }, 6],
    [{ state: 'commission' }, 1],
    [{ amount_max: '100' }, 1],
    [{ amount_min: '100', state: 'unclaimed' }, 5],
    [{ bank_on_from: '2026-03-11' }, 0],
    [{ bank_on_to: '2026-03-10', bank: '0134', currency: 'Bs' }, 8],
    [{ min_age_hours: '24' }, 8],
    [{ min_age_hours: '25' }, 0],
  ])('is narrowed by %j', async (query, count) => {
    expect(await shown(query)).toHaveLength(count);
  });

  it('goes on where a page ended, and takes no cursor of another list', async () => {
    const pages: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await list({ limit: '3', ...(cursor === null ? {} : { cursor }) });
      pages.push(...page.data.map(({ reference, state }) => `${reference} ${state}`));
      const { nextCursor } = page;
      cursor = nextCursor;
    } while (cursor !== null);
    const first = await list({ limit: '3' });

    expect(pages).toEqual(await shown());
    await expect(
      list({ limit: '3', state: 'debit', cursor: first.nextCursor ?? '' }),
    ).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('shows a merchant its own accounts alone', async () => {
    expect(await shown({}, aCaller({ merchantId: OTHER }))).toEqual(['00683500004 unclaimed']);
    await expect(
      list({ merchant_id: MERCHANT }, aCaller({ merchantId: OTHER })),
    ).rejects.toMatchObject({ code: 'not_found' });
    await expect(list({}, aCaller({ mode: 'test' }))).rejects.toMatchObject({
      code: 'not_permitted',
    });
  });

  it('counts what nobody has claimed', async () => {
    const since = (instant: string) =>
      countUnclaimed(readModels.db.kysely, shares.all(), new Date(instant));

    expect(await since('2026-03-01T00:00:00.000Z')).toBe(5);
    expect(await since('2026-03-11T00:00:00.000Z')).toBe(0);
  });
});

describe('asking how far listings covered an account', () => {
  const ask = (caller: CallerIdentity) =>
    new GetCoverageHandler(readModels.db).execute(
      new GetCoverage(
        {
          receiving_account_id: anId('account'),
          from: '2026-03-08' as LocalDate,
          to: '2026-03-10' as LocalDate,
        },
        caller,
      ),
    );

  it('knows a whole day, part of a day, and nothing', async () => {
    expect((await ask(STAFF)).days).toEqual([
      { day: '2026-03-08', coverage: 'none', last_listed_at: null, complete_at: null },
      { day: '2026-03-09', coverage: 'complete', last_listed_at: SEEN_AT, complete_at: SEEN_AT },
      { day: '2026-03-10', coverage: 'partial', last_listed_at: SEEN_AT, complete_at: null },
    ]);
  });

  it("hides another merchant's account", async () => {
    await expect(ask(aCaller({ merchantId: OTHER }))).rejects.toMatchObject({ code: 'not_found' });
  });
});
