import { uuidFrom } from '../../src/kernel/ids.js';
import type { LocalDate } from '../../src/kernel/local-date.js';
import type { BankAnswer } from '../../src/matching/bank-answer.js';
import type { Movement } from '../../src/matching/movement.js';
import type { TransactionFlaggedForReview } from '../../src/transactions/events/transaction-flagged-for-review.event.js';
import type { TransactionVerified } from '../../src/transactions/events/transaction-verified.event.js';
import { aMovement } from '../support/a-claim.js';
import { anId, happened } from '../support/a-transaction.js';
import { RigDatabase } from '../support/rig-surroundings.js';
import { VerificationRig, type VerifierInstance } from '../support/verification-rig.js';

const HOUR = 3_600;
const nothing: BankAnswer = { outcome: 'not_visible_yet' };

let database: RigDatabase;
let rig: VerificationRig;
let instance: VerifierInstance;

beforeAll(async () => {
  database = await RigDatabase.start();
});

afterAll(() => database.stop());

beforeEach(async () => {
  rig = await VerificationRig.start(database);
  rig.bank.listing = { maxDays: 30 };
  instance = await rig.instance();
});

afterEach(() => rig.stop());

const referenceOf = (n: number): string => `00683${String(473_000 + n)}`;

/** A claim of its own reference and order. */
const submit = (n: number) =>
  rig.submit(`claim ${n}`, { reference: referenceOf(n), externalId: `order ${n}` });

/** The credit of the n-th claim as a listing shows it. */
const credit = (n: number, changes: Partial<Movement> = {}): Movement =>
  aMovement({
    bankOn: '2026-03-10' as LocalDate,
    reference: referenceOf(n),
    account: '01340123456789012345',
    ...changes,
  });

const shows = (...movements: readonly Movement[]): BankAnswer => ({ outcome: 'found', movements });

const last = async <Data>(transactionId: string, type: string): Promise<Data> => {
  const events = await rig.log.readStream(`transaction-${transactionId}`);
  const event = events.findLast((stored) => stored.type === type);
  if (event === undefined) throw new Error(`${type} did not happen`);
  return event.data as Data;
};

/** The id that `submit` gave. */
const submitted = (n: number): string => uuidFrom('rig', `claim ${n}`);

const numbered = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

describe('listing an account', () => {
  it('settles many claims by one call', async () => {
    const ids = await Promise.all(numbered(12).map(submit));
    rig.bank.listScript = () => shows(...numbered(12).map((n) => credit(n)));
    await rig.work(2, instance);

    expect(rig.bank.listings).toEqual([
      expect.objectContaining({ from: '2026-03-09', to: '2026-03-10' }),
    ]);
    expect(rig.bank.asks).toEqual([]);
    for (const id of ids) {
      expect(await rig.history(id)).toEqual([
        'TransactionSubmitted',
        'BindingProposed',
        'TransactionVerified',
      ]);
    }
  });

  it('writes down rows that nobody claimed', async () => {
    await Promise.all([submit(1), submit(2)]);
    rig.bank.listScript = () => shows(credit(7));
    await rig.work(1, instance);

    const slot = await rig.slot('0134.J0000.credit.20260310.473007');
    expect(slot.map(({ type }) => type)).toEqual(['MovementObserved.v1']);
  });

  it('leaves claims alone that it held nothing of, and asks again when they are due', async () => {
    const ids = await Promise.all([submit(1), submit(2)]);
    // A listing says nothing of claims that came while it was made.
    rig.clock.advance(1_000);
    rig.bank.listScript = () => nothing;
    await rig.work({ seconds: 50, step: 10 }, instance);
    expect(rig.bank.listings).toHaveLength(1);

    // The repeat is due after a minute; so few claims leave permits enough not to wait much longer for company.
    await rig.work({ seconds: 90, step: 30 }, instance);
    expect(rig.bank.listings).toHaveLength(2);
    for (const id of ids) expect(await rig.history(id)).toEqual(['TransactionSubmitted']);
  });

  it('looks up a claim that is alone', async () => {
    await submit(1);
    await rig.work(1, instance);

    expect(rig.bank.listings).toEqual([]);
    expect(rig.bank.asks).toHaveLength(1);
  });

  it('gives one movement to one of two claims', async () => {
    const ids = [
      await rig.submit('a', { externalId: 'order a' }),
      await rig.submit('b', { externalId: 'order b' }),
    ];
    rig.bank.listScript = () => shows(credit(78));
    await rig.work(2, instance);

    const ends = await Promise.all(ids.map(async (id) => (await rig.history(id)).at(-1)));
    expect(new Set(ends)).toEqual(new Set(['TransactionFlaggedForReview', 'TransactionVerified']));
  });

  it('divides a range that is too large', async () => {
    await Promise.all(numbered(4).map(submit));
    rig.bank.listScript = ({ from, to }) =>
      from === to ? shows(...numbered(4).map((n) => credit(n))) : { outcome: 'range_too_large' };
    await rig.work(5, instance);

    expect(rig.bank.listings.map(({ from, to }) => [from, to])).toEqual([
      ['2026-03-09', '2026-03-10'],
      ['2026-03-10', '2026-03-10'],
    ]);
    expect(await rig.history(submitted(0))).toContain('TransactionVerified');
  });

  it('settles by a listing what a lost look-up may have marked', async () => {
    rig.bank.lookUpHasSideEffects = true;
    rig.bank.listing = { maxDays: 1 };
    rig.bank.script = () => ({ outcome: 'outcome_unknown' });
    const failing = { outcome: 'unavailable' as const };
    rig.bank.listScript = () => (rig.bank.listings.length < 3 ? failing : shows(credit(1)));
    const id = await submit(1);
    await rig.work(200, instance);

    expect(await last<TransactionVerified>(id, 'TransactionVerified.v1')).toMatchObject({
      late: false,
    });
    // The bank would have answered a second look-up that it told of the payment before.
    expect(rig.bank.asks).toHaveLength(1);
    expect(rig.bank.listings.length).toBe(3);
  });

  it('looks claims up while listing fails', async () => {
    await Promise.all([submit(1), submit(2)]);
    rig.bank.listScript = () => ({ outcome: 'unavailable' });
    rig.bank.script = ({ claim }) =>
      shows(aMovement({ bankOn: claim.paidOn, reference: claim.reference }));
    await rig.work(5, instance);

    expect(rig.bank.listings).toHaveLength(1);
    expect(rig.bank.asks).toHaveLength(2);
  });
});

describe('deciding by a listing', () => {
  it('lets claims expire that it covered and held nothing of, and verifies what comes late', async () => {
    const ids = await Promise.all([submit(1), submit(2)]);
    rig.bank.listScript = () => nothing;
    rig.bank.script = () => nothing;
    await rig.work({ seconds: 26 * HOUR, step: 1_200 }, instance);
    for (const id of ids) expect((await rig.history(id)).at(-1)).toBe('TransactionExpired');

    rig.bank.listScript = () => shows(credit(1), credit(2));
    await rig.work({ seconds: 2 * HOUR, step: 600 }, instance);
    expect(await last<TransactionVerified>(ids[0] ?? '', 'TransactionVerified.v1')).toMatchObject({
      late: true,
    });
  });

  it('lets claims expire by a look-up where one listing cannot hold the days beside theirs', async () => {
    rig.bank.listing = { maxDays: 1 };
    const ids = await Promise.all([submit(1), submit(2), submit(3)]);
    rig.bank.listScript = () => nothing;
    rig.bank.script = () => nothing;
    await rig.work({ seconds: 26 * HOUR, step: 1_200 }, instance);
    for (const id of ids) expect((await rig.history(id)).at(-1)).toBe('TransactionExpired');
    expect(rig.bank.asks).toHaveLength(3);
  });

  it('shows a reviewer another amount', async () => {
    const [id] = await Promise.all([submit(1), submit(2)]);
    rig.bank.listScript = () => shows(credit(1, { amountMinor: 11_999n }));
    await rig.work(1, instance);

    expect(
      await last<TransactionFlaggedForReview>(id, 'TransactionFlaggedForReview.v1'),
    ).toMatchObject({ reason: 'amount_differs', candidates: [{ amountMinor: 11_999 }] });
  });

  it('gives a card deposit to a person, unless a row matches it', async () => {
    const [matched, absent] = [1, 2].map((n) =>
      rig.submit(`card ${n}`, {
        kind: 'card_deposit',
        reference: referenceOf(n),
        externalId: `order ${n}`,
      }),
    );
    rig.clock.advance(1_000);
    rig.bank.listScript = () => shows(credit(1));
    const ids = await Promise.all([matched, absent]);
    await rig.work(2, instance);

    const ends = await Promise.all(ids.map(async (id) => (await rig.history(id ?? '')).at(-1)));
    expect(ends).toEqual(['TransactionVerified', 'TransactionFlaggedForReview']);
    expect(
      await last<TransactionFlaggedForReview>(ids[1] ?? '', 'TransactionFlaggedForReview.v1'),
    ).toMatchObject({ reason: 'unsupported_evidence' });
  });

  it('adds evidence to a claim in review, and no verdict', async () => {
    const [id] = await Promise.all([submit(1), submit(2), submit(3)]);
    await rig.add(id, happened.flagged({ candidates: [] }));
    rig.bank.listScript = () => shows(credit(1));
    await rig.work(1, instance);

    expect(await rig.history(id)).toEqual([
      'TransactionSubmitted',
      'TransactionFlaggedForReview',
      'TransactionFlaggedForReview',
    ]);
  });

  it('suspects a reversal when a debit takes a verified credit back', async () => {
    const ids = await Promise.all([submit(1), submit(2)]);
    rig.bank.listScript = () => shows(credit(1), credit(2));
    await rig.work(2, instance);
    await Promise.all([submit(3), submit(4)]);
    rig.bank.listScript = () => shows(credit(1), credit(1, { direction: 'debit' }), credit(2));
    await rig.work(2, instance);

    const flag = await last<TransactionFlaggedForReview>(
      ids[0] ?? '',
      'TransactionFlaggedForReview.v1',
    );
    expect(flag.reason).toBe('reversal_suspected');
    expect(flag.candidates.map(({ direction }) => direction)).toEqual(['credit', 'debit']);
    expect((await rig.history(ids[1] ?? '')).at(-1)).toBe('TransactionVerified');
  });
});

describe('surviving a crash while listing', () => {
  it('closes a listing that nobody answers, and lists again', async () => {
    await Promise.all([submit(1), submit(2)]);
    rig.bank.listScript = () => shows(credit(1), credit(2));
    // The announcement is the first append of this process, and the answer would be its second.
    await rig.work(1, await rig.instance({ append: 2, when: 'before' }));
    await rig.handOver();
    await rig.work({ seconds: 900, step: 15 }, instance);

    const sweeps = await rig.log.readStream(
      `sweep-${anId('account').replaceAll('-', '')}.20260310`,
    );
    expect(sweeps.map(({ type }) => type)).toEqual([
      'SweepStarted.v1',
      'SweepAnswered.v1',
      'SweepStarted.v1',
      'SweepAnswered.v1',
    ]);
    expect((await rig.history(submitted(1))).at(-1)).toBe('TransactionVerified');
  });

  it('finishes what it began of a listing', async () => {
    const ids = await Promise.all(numbered(3).map(submit));
    rig.bank.listScript = () => shows(...numbered(3).map((n) => credit(n)));
    // Two appends for the listing, three for its rows, then the bindings begin.
    await rig.work(1, await rig.instance({ append: 7, when: 'after' }));
    await rig.handOver();
    await rig.work({ seconds: 90, step: 5 }, instance);

    for (const id of ids) {
      const history = await rig.history(id);
      expect(history.filter((type) => type === 'TransactionVerified')).toHaveLength(1);
    }
  });
});
