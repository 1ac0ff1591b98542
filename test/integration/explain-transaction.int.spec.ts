import type { LocalDate } from '../../src/kernel/local-date.js';
import { explanation } from '../../src/transactions/explain-transaction/explanation.resource.js';
import { aMovement } from '../support/a-claim.js';
import { happened } from '../support/a-transaction.js';
import { RigDatabase } from '../support/rig-surroundings.js';
import { VerificationRig, type VerifierInstance } from '../support/verification-rig.js';

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

describe('explaining a transaction', () => {
  it('tells the chain of asks and when the next one is due', async () => {
    const id = await rig.submit('a');
    await rig.work({ seconds: 90, step: 10 }, instance);
    const told = await instance.explain(id);

    expect(explanation.parse(told)).toEqual(told);
    expect(told).toMatchObject({
      status: 'pending',
      asks_total: 2,
      asks: [{ outcome: 'not_visible_yet' }, { outcome: 'not_visible_yet', movements: 0 }],
      next: { action: 'ask', about: '2026-03-10' },
      ahead: 0,
      latest_at: happened.submitted().data.visibleBy,
      match_until: null,
    });
    const lastAnswerMs = Date.parse(told.asks.at(-1)?.answered_at ?? '');
    expect(Date.parse(told.next.at ?? '') - lastAnswerMs).toBe(120_000);
  });

  it('counts who is asked about first, merchants taking turns', async () => {
    for (const n of [1, 2, 3]) await rig.submit(`other ${n}`, { merchantId: 'other' });
    rig.clock.advance(1_000);
    const id = await rig.submit('mine', { merchantId: 'mine' });
    rig.clock.advance(1_000);
    await rig.project();

    const told = await instance.explain(id);
    expect(told.ahead).toBe(1);
    expect(Date.parse(told.expected_at ?? '')).toBe(rig.clock.now().getTime() + 1);
  });

  it('tells of the listings that covered it', async () => {
    rig.bank.listing = { maxDays: 30 };
    const id = await rig.submit('a');
    await rig.submit('b');
    rig.clock.advance(1_000);
    await rig.work(3, instance);

    expect(await instance.explain(id)).toMatchObject({
      asks_total: 0,
      sweeps: [{ from: '2026-03-09', to: '2026-03-10', outcome: 'not_visible_yet', movements: 0 }],
      next: { action: 'ask' },
    });
  });

  it('names no time while a person has to open the gateway', async () => {
    const id = await rig.submit('a');
    await rig.project();
    await rig.closures.close('banesco', { by: 'process:gateway', reason: 'credentials_refused' });

    expect(await instance.explain(id)).toMatchObject({
      next: { action: 'ask' },
      expected_at: null,
      held_by: 'gateway_closed',
      expected_verdict_at: null,
    });
  });

  it('reckons with the bank’s hours of maintenance, and with a bank that cannot be reached', async () => {
    const id = await rig.submit('a');
    await rig.project();
    const opensAt = new Date(rig.clock.now().getTime() + 4 * 3_600_000);
    rig.bank.opensAfter = (from, forMs) =>
      new Date(Math.max(from.getTime() + forMs, opensAt.getTime()));
    expect(await instance.explain(id)).toMatchObject({
      expected_at: opensAt.toISOString(),
      held_by: 'maintenance_hours',
    });

    rig.bank.opensAfter = (from, forMs) => new Date(from.getTime() + forMs);
    rig.bank.circuitOpen = 600_000;
    rig.bank.readiness = { state: 'wait', waitMs: 600_000, why: 'circuit_open' };
    await rig.work(1, instance);
    const told = await instance.explain(id);
    expect(told).toMatchObject({ asks_total: 0, held_by: 'circuit_open' });
    const inMs = Date.parse(told.expected_at ?? '') - rig.clock.now().getTime();
    expect(inMs).toBeGreaterThan(500_000);
    expect(inMs).toBeLessThanOrEqual(600_000);
  });

  it('says that a person must decide', async () => {
    const off = aMovement({ bankOn: '2026-03-10' as LocalDate, amountMinor: 1n });
    rig.bank.script = () => ({ outcome: 'found', movements: [off] });
    const id = await rig.submit('a');
    await rig.work(2, instance);

    expect(await instance.explain(id)).toMatchObject({
      status: 'needs_review',
      status_reason: 'amount_differs',
      next: { action: 'decide', at: null, about: null },
      ahead: null,
      expected_at: null,
    });
  });

  it('says until when an expired claim is matched', async () => {
    const id = await rig.submit('a');
    await rig.work({ seconds: 26 * 3_600, step: 1_800 }, instance);

    expect(await instance.explain(id)).toMatchObject({
      status: 'expired',
      next: { action: 'ask' },
      latest_at: null,
      match_until: happened.submitted().data.matchUntil,
    });
  });

  it('knows nothing of what does not exist', async () => {
    await expect(instance.explain('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({
      rejection: { code: 'transaction_not_found' },
    });
  });
});

describe('holding what was foreseen against what came', () => {
  const errors = async () => {
    const { values } = await instance.metrics.paymentsVerdictEstimateErrorSeconds.get();
    const of = (name: string) => values.find(({ metricName }) => metricName?.endsWith(name))?.value;
    return { count: of('_count') ?? 0, sum: of('_sum') ?? 0 };
  };

  it('learns from the latest verdicts how long one takes, and measures how far it was off', async () => {
    const earlier = await rig.submit('earlier');
    await rig.add(earlier, happened.bindingProposed());
    await rig.add(
      earlier,
      happened.verified({ verifiedAt: new Date(rig.clock.now().getTime() + 90_000).toISOString() }),
    );
    rig.clock.advance(100_000);
    const id = await rig.submit('a');
    const submittedMs = rig.clock.now().getTime();
    await rig.project();
    await instance.calibrate();

    const told = await instance.explain(id);
    expect(Date.parse(told.expected_verdict_at ?? '') - submittedMs).toBe(90_000);
    rig.bank.script = () => ({
      outcome: 'found',
      movements: [aMovement({ bankOn: '2026-03-10' as LocalDate })],
    });
    await rig.work(3, instance);
    await instance.calibrate();

    expect((await instance.explain(id)).status).toBe('verified');
    expect(await errors()).toEqual({ count: 1, sum: -90 });
    await instance.calibrate();
    expect((await errors()).count).toBe(1);
  });
});
