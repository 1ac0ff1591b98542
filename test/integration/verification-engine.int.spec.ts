import type { LocalDate } from '../../src/kernel/local-date.js';
import type { BankAnswer } from '../../src/matching/bank-answer.js';
import { toObserved } from '../../src/matching/observed-movement.js';
import type { TransactionExpired } from '../../src/transactions/events/transaction-expired.event.js';
import type { TransactionFlaggedForReview } from '../../src/transactions/events/transaction-flagged-for-review.event.js';
import type { TransactionVerified } from '../../src/transactions/events/transaction-verified.event.js';
import { aMovement } from '../support/a-claim.js';
import { happened } from '../support/a-transaction.js';
import { eventually } from '../support/eventually.js';
import { ScriptedBank } from '../support/scripted-bank.js';
import { RigDatabase } from '../support/rig-surroundings.js';
import { VerificationRig, type VerifierInstance } from '../support/verification-rig.js';

const credit = aMovement({ bankOn: '2026-03-10' as LocalDate });
const nothing: BankAnswer = { outcome: 'not_visible_yet' };
const shown: BankAnswer = { outcome: 'found', movements: [credit] };
const HOUR = 3_600;
const DAY = { seconds: 26 * HOUR, step: 1_800 };

let database: RigDatabase;
let rig: VerificationRig;
let instance: VerifierInstance;

beforeAll(async () => {
  database = await RigDatabase.start();
});

afterAll(() => database.stop());

beforeEach(async () => {
  rig = await VerificationRig.start(database);
  instance = await rig.instance();
});

afterEach(() => rig.stop());

const data = async <Data>(transactionId: string, type: string): Promise<Data> => {
  const events = await rig.log.readStream(`transaction-${transactionId}`);
  const event = events.findLast((stored) => stored.type === type);
  if (event === undefined) throw new Error(`${type} did not happen`);
  return event.data as Data;
};

describe('asking about a claim', () => {
  it('asks again by the schedule until the bank shows the credit', async () => {
    rig.bank.script = () => (rig.bank.asks.length < 3 ? nothing : shown);
    const id = await rig.submit('a');
    await rig.work({ seconds: 240, step: 10 }, instance);

    expect(rig.bank.asks).toHaveLength(3);
    expect((await rig.history(id)).at(-1)).toBe('TransactionVerified');
  });

  it('writes every ask down before it is sent', async () => {
    const seen: string[] = [];
    const id = await rig.submit('a');
    rig.bank.script = async () => {
      seen.push(...(await rig.history(id)));
      return nothing;
    };
    await rig.work(1, instance);

    expect(seen).toEqual(['TransactionSubmitted', 'AskStarted']);
  });

  it('asks no more once the claim was cancelled', async () => {
    rig.bank.script = () => nothing;
    const id = await rig.submit('a');
    await rig.work(2, instance);
    await rig.add(id, happened.cancelled());
    await rig.work({ seconds: 600, step: 20 }, instance);

    expect(rig.bank.asks).toHaveLength(1);
  });

  it('gives no verdict when the claim was cancelled while the bank was asked', async () => {
    const id = await rig.submit('a');
    rig.bank.script = async () => {
      await rig.add(id, happened.cancelled());
      return shown;
    };
    await rig.work(5, instance);

    expect(await rig.history(id)).toEqual([
      'TransactionSubmitted',
      'AskStarted',
      'TransactionCancelled',
      'AskAnswered',
    ]);
    expect((await rig.slot('0134.J0000.credit.20260310.473078')).map(({ type }) => type)).toEqual([
      'MovementObserved.v1',
    ]);
  });

  it('closes an ask that nobody answers as unknown, and asks again', async () => {
    let answerLate: (answer: BankAnswer) => void = () => undefined;
    const late = new Promise<BankAnswer>((resolve) => {
      answerLate = resolve;
    });
    rig.bank.script = () => (rig.bank.asks.length === 1 ? late : shown);
    const id = await rig.submit('a');
    // The first process hangs with its ask; another one speaks after a while.
    await rig.project();
    const hanging = instance.round();
    await eventually(() => rig.bank.asks.length === 1);
    await rig.handOver();
    await rig.work({ seconds: 60, step: 5 }, await rig.instance());
    // An answer that comes after all finds its ask closed.
    answerLate(nothing);
    await hanging;

    expect(await rig.history(id)).toEqual([
      'TransactionSubmitted',
      'AskStarted',
      'AskAnswered',
      'AskStarted',
      'AskAnswered',
      'BindingProposed',
      'TransactionVerified',
    ]);
  });

  it('never asks a real bank about a claim of a test key', async () => {
    await rig.submit('a', { mode: 'test' });
    await rig.work(5, instance);

    expect(rig.bank.asks).toEqual([]);
  });

  it('asks nothing while the gateway is closed', async () => {
    rig.bank.readiness = { state: 'closed' };
    const id = await rig.submit('a');
    await rig.work(5, instance);
    expect(await rig.history(id)).toEqual(['TransactionSubmitted']);

    rig.bank.readiness = { state: 'ready' };
    await rig.work(10, instance);
    expect(rig.bank.asks).toHaveLength(1);
  });
});

describe('giving a claim to a person', () => {
  const reasonFor = async (answer: BankAnswer, kind: 'pago_movil' | 'card_deposit') => {
    rig.bank.script = () => answer;
    const id = await rig.submit('a', { kind });
    await rig.work(3, instance);
    return data<TransactionFlaggedForReview>(id, 'TransactionFlaggedForReview.v1');
  };

  it('shows the credit of another amount', async () => {
    const off = aMovement({ bankOn: '2026-03-10' as LocalDate, amountMinor: 11_999n });
    const flag = await reasonFor({ outcome: 'found', movements: [off] }, 'pago_movil');

    expect(flag).toMatchObject({ reason: 'amount_differs', candidates: [toObserved(off)] });
  });

  it('shows both when two fit', async () => {
    const other = { ...credit, bankTime: '10:00:00' };
    const flag = await reasonFor({ outcome: 'found', movements: [credit, other] }, 'pago_movil');

    expect(flag.reason).toBe('ambiguous_movements');
    expect(flag.candidates).toHaveLength(2);
  });

  it('does not ask about a kind that the bank has no look-up for', async () => {
    const flag = await reasonFor(shown, 'card_deposit');

    expect(flag.reason).toBe('unsupported_evidence');
    expect(rig.bank.asks).toEqual([]);
  });

  it('does so again when a person sends a claim back that cannot be asked about', async () => {
    rig.bank.script = () => shown;
    const id = await rig.submit('a', { kind: 'card_deposit' });
    await rig.work(3, instance);
    await rig.add(id, happened.returnedToPending());
    await rig.work({ seconds: 400, step: 40 }, instance);

    const flags = (await rig.history(id)).filter((type) => type === 'TransactionFlaggedForReview');
    expect(flags).toHaveLength(2);
  });

  it('does so when the bank refuses the question', async () => {
    const flag = await reasonFor({ outcome: 'invalid_query' }, 'pago_movil');

    expect(flag).toMatchObject({ reason: 'unsupported_evidence', candidates: [] });
  });
});

describe('letting a claim expire', () => {
  it('does so by an answer after the deadline, and still verifies what comes late', async () => {
    rig.bank.script = () => nothing;
    const id = await rig.submit('a');
    await rig.work(DAY, instance);
    const expiry = await data<TransactionExpired>(id, 'TransactionExpired.v1');
    expect(expiry.expiredAt > '2026-03-11T14:00:00.000Z').toBe(true);

    rig.bank.script = ({ on }) => (on === credit.bankOn ? shown : nothing);
    await rig.work({ seconds: 3 * HOUR, step: 300 }, instance);
    const verdict = await data<TransactionVerified>(id, 'TransactionVerified.v1');
    expect(verdict).toMatchObject({ late: true, bankOn: '2026-03-10' });
  });

  it('waits for a bank that cannot be reached, however long', async () => {
    rig.bank.script = () => ({ outcome: 'unavailable' });
    const id = await rig.submit('a');
    await rig.work({ seconds: 3 * 24 * HOUR, step: 2 * HOUR }, instance);
    expect(await rig.history(id)).not.toContain('TransactionExpired');

    rig.bank.script = () => nothing;
    await rig.work({ seconds: HOUR, step: 300 }, instance);
    expect(await rig.history(id)).toContain('TransactionExpired');
  });

  it('does so when the bank shows only the commission', async () => {
    const debit = aMovement({
      bankOn: '2026-03-10' as LocalDate,
      direction: 'debit',
      amountMinor: 36n,
    });
    rig.bank.script = () => ({ outcome: 'found', movements: [debit] });
    const id = await rig.submit('a');
    await rig.work(DAY, instance);

    expect(await rig.history(id)).toContain('TransactionExpired');
  });

  it('tries each neighbouring day once before', async () => {
    rig.bank.script = () => nothing;
    await rig.submit('a');
    await rig.work(DAY, instance);

    const days = rig.bank.asks.map(({ on }) => on);
    expect(days.filter((on) => on === '2026-03-09')).toHaveLength(1);
    expect(days.filter((on) => on === '2026-03-11')).toHaveLength(1);
  });
});

describe('taking turns', () => {
  it('gives each merchant one before any has a second', async () => {
    rig = await VerificationRig.start(database, { asksInFlight: 1 });
    instance = await rig.instance();
    for (const n of [1, 2, 3, 4, 5]) await rig.submit(`large ${n}`, { merchantId: 'large' });
    rig.clock.advance(1_000);
    await rig.submit('small', { merchantId: 'small' });
    await rig.work(1, instance);

    const order = await Promise.all(
      rig.bank.asks.map(({ transactionId }) => rig.merchantOf(transactionId)),
    );
    expect(order).toEqual(['large', 'small', 'large', 'large', 'large', 'large']);
  });

  it('has no more asks under way than it may', async () => {
    let [underWay, most] = [0, 0];
    rig.bank.script = async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      // Held until as many are under way as may be; later ones pass at once.
      await eventually(() => most >= 4);
      underWay -= 1;
      return nothing;
    };
    for (let n = 0; n < 12; n += 1) await rig.submit(`claim ${n}`);
    await rig.work(1, instance);

    expect(rig.bank.asks).toHaveLength(12);
    expect(most).toBe(4);
  });
});

describe('speaking for a credential', () => {
  it('is one instance at a time', async () => {
    const other = await rig.instance();
    await rig.work(1, instance);
    await rig.submit('a');
    rig.bank.script = () => nothing;
    await rig.project();
    await other.round();
    expect(rig.bank.asks).toEqual([]);

    await instance.round();
    expect(rig.bank.asks).toHaveLength(1);
  });

  it('passes to another when the one that spoke stops', async () => {
    const other = await rig.instance();
    await rig.work(1, instance);
    await instance.stop();
    await rig.submit('a');
    await rig.project();
    await other.round();

    expect(rig.bank.asks).toHaveLength(1);
  });

  it('is nobody where no credential is known', async () => {
    expect(new ScriptedBank([]).credentials()).toEqual([]);
    await rig.submit('a', { credentialId: 'unknown' });
    await rig.work(3, instance);

    expect(rig.bank.asks).toEqual([]);
  });
});
