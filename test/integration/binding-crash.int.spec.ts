import { toObserved } from '../../src/matching/observed-movement.js';
import type { MovementBound } from '../../src/verification/bind-movement/movement-bound.event.js';
import { aMovement } from '../support/a-claim.js';
import { happened } from '../support/a-transaction.js';
import type { CrashPoint } from '../support/crashing-event-store.js';
import type { LocalDate } from '../../src/kernel/local-date.js';
import { RigDatabase } from '../support/rig-surroundings.js';
import { VerificationRig } from '../support/verification-rig.js';

const SLOT = '0134.J0000.credit.20260310.473078';
// Asks without an answer are given up after their time-out and its margin.
const LONG_ENOUGH = { seconds: 60, step: 5 };

const credit = aMovement({ bankOn: '2026-03-10' as LocalDate });
const shown = () => ({ outcome: 'found', movements: [credit] }) as const;

let database: RigDatabase;
let rig: VerificationRig;

beforeAll(async () => {
  database = await RigDatabase.start();
});

afterAll(() => database.stop());

beforeEach(async () => {
  rig = await VerificationRig.start(database);
  rig.bank.script = shown;
});

afterEach(() => rig.stop());

/** Who holds the movement of the slot, by every binding that was ever written. */
const holders = async (): Promise<readonly string[]> =>
  (await rig.slot(SLOT))
    .filter(({ type }) => type === 'MovementBound.v1')
    .map(({ data }) => (data as MovementBound).transactionId);

const verdicts = async (...ids: readonly string[]): Promise<readonly string[]> =>
  Promise.all(
    ids.map(
      async (id) =>
        (await rig.history(id)).findLast((type) => type.startsWith('Transaction')) ?? 'none',
    ),
  );

/** Every append of one ask that ends well: ask, answer, rows, and the three steps of the binding. */
const POINTS: readonly CrashPoint[] = [1, 2, 3, 4, 5, 6].flatMap((append) => [
  { append, when: 'before' as const },
  { append, when: 'after' as const },
]);

describe('binding a movement', () => {
  it('writes the ask, the answer, the row and the three steps, each once', async () => {
    const id = await rig.submit('a');
    const instance = await rig.instance();
    await rig.work(3, instance);

    expect(await rig.history(id)).toEqual([
      'TransactionSubmitted',
      'AskStarted',
      'AskAnswered',
      'BindingProposed',
      'TransactionVerified',
    ]);
    expect((await rig.slot(SLOT)).map(({ type }) => type)).toEqual([
      'MovementObserved.v1',
      'MovementBound.v1',
    ]);
    expect(rig.bank.asks).toHaveLength(1);
  });

  it('counts the verdict once', async () => {
    await rig.submit('a');
    const instance = await rig.instance();
    await rig.work(3, instance);

    const counted = await instance.metrics.transactionsTotal.get();
    expect(counted.values).toEqual([
      expect.objectContaining({
        labels: { status: 'verified', bank: '0134', type: 'payment' },
        value: 1,
      }),
    ]);
  });

  it('is finished by whoever finds it, when a person began it in review', async () => {
    rig.bank.script = () => ({ outcome: 'not_visible_yet' });
    const id = await rig.submit('a');
    await rig.add(id, happened.flagged({ candidates: [toObserved(credit)] }));
    await rig.add(
      id,
      happened.bindingProposed({
        slot: SLOT,
        movement: toObserved(credit),
        askId: null,
        proposedBy: 'user:1',
        reason: 'the customer called',
        proposedAt: rig.clock.now().toISOString(),
      }),
    );
    await rig.work(10, await rig.instance());

    expect(await rig.history(id)).toContain('TransactionVerified');
    expect(await holders()).toEqual([id]);
  });
});

describe('binding a movement across a crash', () => {
  it.each(POINTS)('is finished by another process: %o', async (crash) => {
    const id = await rig.submit('a');
    await rig.work(2, await rig.instance(crash));
    await rig.handOver();
    await rig.work(LONG_ENOUGH, await rig.instance());

    const history = await rig.history(id);
    expect(history.at(-1)).toBe('TransactionVerified');
    expect(history.filter((type) => type === 'TransactionVerified')).toHaveLength(1);
    expect(await holders()).toEqual([id]);
    const starts = history.filter((type) => type === 'AskStarted').length;
    expect(history.filter((type) => type === 'AskAnswered')).toHaveLength(starts);
  });
});

describe('binding one movement for two claims', () => {
  // The second claim's own appends follow those of the first, in any interleaving.
  const points: readonly (CrashPoint | null)[] = [
    null,
    ...[3, 5, 6, 7, 8, 9, 10, 11].flatMap((append) => [
      { append, when: 'before' as const },
      { append, when: 'after' as const },
    ]),
  ];

  it.each(points.map((crash) => ({ crash })))(
    'verifies exactly one, whatever crashes: %j',
    async ({ crash }) => {
      const ids = [
        await rig.submit('a', { externalId: 'order-1' }),
        await rig.submit('b', { externalId: 'order-2', merchantId: 'another' }),
      ];
      await rig.work(2, await rig.instance(crash));
      await rig.handOver();
      await rig.work(LONG_ENOUGH, await rig.instance());

      expect([...(await verdicts(...ids))].sort()).toEqual([
        'TransactionFlaggedForReview',
        'TransactionVerified',
      ]);
      expect(await holders()).toHaveLength(1);
    },
  );

  it('verifies exactly one when two processes race for it', async () => {
    // Each answer lets the other process speak too, as if both thought it were theirs to speak.
    rig.bank.script = async () => {
      await rig.handOver();
      return shown();
    };
    const ids = [
      await rig.submit('a', { externalId: 'order-1' }),
      await rig.submit('b', { externalId: 'order-2' }),
    ];
    const [one, other] = [await rig.instance(), await rig.instance()];
    await rig.work(LONG_ENOUGH, one, other);

    expect([...(await verdicts(...ids))].sort()).toEqual([
      'TransactionFlaggedForReview',
      'TransactionVerified',
    ]);
    expect(await holders()).toHaveLength(1);
  });

  it('calls the second claim of one order a repetition of the first', async () => {
    const ids = [
      await rig.submit('a', { externalId: 'order-1' }),
      await rig.submit('b', { externalId: 'order-1' }),
    ];
    await rig.work(5, await rig.instance());

    expect([...(await verdicts(...ids))].sort()).toEqual([
      'TransactionRejected',
      'TransactionVerified',
    ]);
  });

  it('verifies exactly one when the bank spells the movement differently each time', async () => {
    let turn = 0;
    rig.bank.script = () => {
      turn += 1;
      const reference = turn % 2 === 0 ? '683473078' : '473078';
      return { outcome: 'found', movements: [{ ...credit, reference }] };
    };
    const ids = [
      await rig.submit('a', { externalId: 'order-1' }),
      await rig.submit('b', { externalId: 'order-2' }),
    ];
    await rig.work(5, await rig.instance());

    expect([...(await verdicts(...ids))].sort()).toEqual([
      'TransactionFlaggedForReview',
      'TransactionVerified',
    ]);
    expect(await holders()).toHaveLength(1);
  });
});

describe('releasing a movement that a person took back', () => {
  it('lets another claim have it, once', async () => {
    const first = await rig.submit('a');
    const instance = await rig.instance();
    await rig.work(3, instance);
    await rig.add(
      first,
      happened.flagged({ reason: 'reopened', note: 'the wrong customer', flaggedBy: 'user:1' }),
    );
    await rig.work(3, instance);
    const second = await rig.submit('b', { externalId: 'order-2' });
    await rig.work(3, instance);

    expect(await verdicts(first, second)).toEqual([
      'TransactionFlaggedForReview',
      'TransactionVerified',
    ]);
    expect((await rig.slot(SLOT)).map(({ type }) => type)).toEqual([
      'MovementObserved.v1',
      'MovementBound.v1',
      'MovementReleased.v1',
      'MovementBound.v1',
    ]);
  });

  // The slot's release is the only append of whoever finds it owed.
  it.each([
    { append: 1, when: 'before' as const },
    { append: 1, when: 'after' as const },
  ])('is finished by another process when one dies over it: %o', async (crash) => {
    const first = await rig.submit('a');
    await rig.work(3, await rig.instance());
    await rig.add(first, happened.flagged({ reason: 'reopened', flaggedBy: 'user:1' }));
    await rig.work(2, await rig.instance(crash));
    await rig.work(2, await rig.instance());

    const types = (await rig.slot(SLOT)).map(({ type }) => type);
    expect(types.filter((type) => type === 'MovementReleased.v1')).toHaveLength(1);
    expect(types.at(-1)).toBe('MovementReleased.v1');
  });

  it('keeps a reversed one bound: nothing else is paid with it', async () => {
    const first = await rig.submit('a');
    const instance = await rig.instance();
    await rig.work(3, instance);
    await rig.add(first, happened.reversed());
    const second = await rig.submit('b', { externalId: 'order-2' });
    await rig.work(5, instance);

    expect(await verdicts(first, second)).toEqual([
      'TransactionReversed',
      'TransactionFlaggedForReview',
    ]);
    expect(await holders()).toEqual([first]);
  });
});

describe('binding for a claim that is corrected meanwhile', () => {
  it('binds nothing that was found for the former words', async () => {
    const id = await rig.submit('a');
    let corrected = false;
    const instance = await rig.instance();
    instance.store.meanwhile = async (types) => {
      if (corrected || !types.includes('BindingProposed.v1')) return;
      corrected = true;
      await rig.add(id, happened.corrected({ amountMinor: 12_000 }));
    };
    await rig.work(1, instance);

    expect(corrected).toBe(true);
    expect(await rig.history(id)).not.toContain('TransactionVerified');
    expect(await holders()).toEqual([]);
  });
});
