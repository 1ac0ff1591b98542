import type { LocalDate } from '../../src/kernel/local-date.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import type { TransactionSubmitted } from '../../src/transactions/events/transaction-submitted.event.js';
import { AccountSweeps } from '../../src/verification/account-sweeps.store.js';
import { LeftOpen } from '../../src/verification/left-open.store.js';
import { VerificationQueueProjection } from '../../src/verification/verification-queue.projection.js';
import { VerificationQueue } from '../../src/verification/verification-queue.store.js';
import { scheduleOf } from '../../src/verification/verification.config.js';
import { World } from '../simulation/world.js';
import { settingsFrom, verificationConfig } from '../simulation/world-settings.js';
import { Dice } from '../simulation/dice.js';
import { InMemoryDueWork } from '../support/in-memory-due-work.js';
import { freshReadModels, type ReadModels } from '../support/read-models.js';

// Seeds with listings and without, with crashes and without.
const SEEDS = [3, 5, 17];
const SHARES = [0.2, 0.5, 0.8, 1];

/** The log of a simulated world, up to a share of it. */
const logOf = async (seed: number): Promise<readonly StoredEvent[]> => {
  const events: StoredEvent[] = [];
  await new World(seed, {}, (event) => events.push(event)).run();
  return events;
};

type Store = Pick<
  VerificationQueue,
  'due' | 'dueDays' | 'before' | 'listingsOf' | 'census' | 'settled'
> &
  Pick<AccountSweeps, 'tooLarge' | 'openClaims' | 'verifiedWith'> &
  Pick<LeftOpen, 'withOverdueAsk' | 'withProposalBefore' | 'owingRelease' | 'overdueSweeps'>;

/** Postgres gives the keys of an object an order of its own. */
const keysInOrder = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => one.localeCompare(other)))
    : value;

const sorted = (answers: readonly unknown[]): readonly string[] =>
  answers.map((answer) => JSON.stringify(answer, keysInOrder)).sort();

/** Everything that both are asked; order counts only where somebody relies on it. */
async function answersOf(store: Store, now: Date, events: readonly StoredEvent[]) {
  const at = { credentialId: 'banesco', modes: ['live' as const], now, except: [], perMerchant: 1 };
  const question = { ...at, patience: 0, waitsForCompany: true };
  const patient = { ...question, patience: 0.5 };
  const ranked = { ...patient, waitsForCompany: false };
  const before = {
    ...patient,
    mode: 'live' as const,
    waitsForCompany: false,
    readyAt: new Date(now.getTime() + 60_000),
  };
  const hour = new Date(now.getTime() - 3_600_000);
  const submitted = events.filter(({ type }) => type === 'TransactionSubmitted.v1');
  const claims = submitted.map(({ data }) => data as TransactionSubmitted);
  const ids = submitted.map(({ streamName }) => streamName.replace('transaction-', ''));
  const [first] = claims;
  const receivingAccountId = first?.receivingAccountId ?? '';
  const range = {
    receivingAccountId,
    from: '2026-03-10' as LocalDate,
    to: '2026-03-10' as LocalDate,
  };
  const amounts = claims.map(({ amountMinor }) => BigInt(amountMinor));
  return {
    due: (await store.due(question)).map(({ transactionId }) => transactionId),
    days: sorted(await store.dueDays(question)),
    patient: (await store.due(patient)).map(({ transactionId }) => transactionId),
    ranked: (await store.due(ranked)).map(({ transactionId }) => transactionId),
    several: (await store.due({ ...ranked, perMerchant: 3 })).map(({ merchantId, readyAt }) => ({
      merchantId,
      readyAt,
    })),
    patientDays: sorted(await store.dueDays(patient)),
    before: sorted(await store.before({ ...before, patience: 0, waitsForCompany: true })),
    patientBefore: sorted(await store.before(before)),
    listings: await Promise.all(
      (await store.openClaims(range, ['live']))
        .slice(0, 5)
        .map((one) => store.listingsOf(one, hour)),
    ),
    census: await store.census(),
    settled: sorted(await store.settled(ids)).length,
    tooLarge: sorted(await store.tooLarge('banesco', now)),
    open: (await store.openClaims(range, ['live'])).map(({ claim }) => claim.transactionId),
    verified: sorted(
      (await store.verifiedWith(receivingAccountId, amounts)).map((one) => one.claim.transactionId),
    ),
    asks: sorted(await store.withOverdueAsk(now)),
    proposals: sorted(await store.withProposalBefore(now)),
    releases: (await store.owingRelease()).length,
    sweeps: sorted(await store.overdueSweeps(now)),
  };
}

describe('the due work in memory', () => {
  let models: ReadModels;

  beforeAll(async () => {
    models = await freshReadModels();
  });

  afterAll(() => models.close());

  it.each(SEEDS)('answers as the stores in Postgres do, in the world of seed %i', async (seed) => {
    const events = await logOf(seed);
    const config = verificationConfig(settingsFrom(new Dice(seed)));
    for (const share of SHARES) {
      await models.empty('read.verification_queue', 'read.account_sweep');
      const part = events.slice(0, Math.ceil(events.length * share));
      const at = lastInstant(part);
      const double = new InMemoryDueWork(scheduleOf(config));
      double.apply(part);
      const projection = new VerificationQueueProjection(config);
      await models.db.kysely.transaction().execute((tx) => projection.apply(tx, part));
      const [queue, sweeps, left] = [
        new VerificationQueue(models.db),
        new AccountSweeps(models.db),
        new LeftOpen(models.db),
      ];
      const real: Store = {
        due: (question) => queue.due(question),
        dueDays: (question) => queue.dueDays(question),
        before: (asked) => queue.before(asked),
        census: () => queue.census(),
        settled: (ids) => queue.settled(ids),
        tooLarge: (id, instant) => sweeps.tooLarge(id, instant),
        listingsOf: (one, since) => queue.listingsOf(one, since),
        openClaims: (range, modes) => sweeps.openClaims(range, modes),
        verifiedWith: (id, amounts) => sweeps.verifiedWith(id, amounts),
        withOverdueAsk: (instant) => left.withOverdueAsk(instant),
        withProposalBefore: (instant) => left.withProposalBefore(instant),
        owingRelease: () => left.owingRelease(),
        overdueSweeps: (instant) => left.overdueSweeps(instant),
      };
      for (const hours of [0, 1, 12]) {
        const instant = new Date(at.getTime() + hours * 3_600_000);
        expect(await answersOf(double, instant, part)).toEqual(
          await answersOf(real, instant, part),
        );
      }
    }
  });
});

/** The latest instant that an event tells of. */
function lastInstant(events: readonly StoredEvent[]): Date {
  const instants = events.flatMap(({ data }) =>
    Object.entries(data as Record<string, unknown>).flatMap(([name, value]) =>
      /^(submitted|answered|started|verified|expired)At$/.test(name) && typeof value === 'string'
        ? [value]
        : [],
    ),
  );
  return new Date(instants.sort().at(-1) ?? 0);
}
