import { SystemClock } from '../../src/kernel/clock.js';
import { ClaimWalk } from '../../src/platform/probe/claim-walk.js';
import { PAID_ON, PHONE, RunningSystem, type Shown } from '../support/running-system.js';
import { eventually } from '../support/eventually.js';
import { overBudgetOnPage } from '../support/series-budget.js';

const REFERENCE = '00683473078';

describe('walking a claim from its submission to the report of finance', () => {
  let system: RunningSystem;
  let id = '';

  beforeAll(async () => {
    system = await RunningSystem.start();
    await system.addCredits([{ reference: REFERENCE, amount: 124_050 }]);
  });

  afterAll(() => system.stop());

  it('takes the claim and says where it is', async () => {
    const { status, headers, body } = await system.submit(system.claim(REFERENCE));
    expect(status).toBe(202);
    expect(body).toMatchObject({ status: 'pending', reference: REFERENCE, amount: 124_050 });
    expect(headers.get('location')).toBe(`/api/v1/transactions/${body.id}`);
    id = body.id;
  });

  it('answers the same claim with the same transaction', async () => {
    const { status, headers, body } = await system.submit(system.claim(REFERENCE));
    expect(status).toBe(200);
    expect(headers.get('idempotency-replayed')).toBe('true');
    expect(body.id).toBe(id);
  });

  it('refuses other content under the same key and names the transaction in the way', async () => {
    const { status, body } = await system.submit(system.claim(REFERENCE, { amount: 124_051 }));
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'duplicate_reference', transaction_id: id });
  });

  it('names every wrong field of a bad claim', async () => {
    const bad = system.claim('12a', { amount: -1, currency: 'XXX', paid_on: '2026-02-30' });
    const { status, headers, body } = await system.submit(bad);
    expect([400, 422]).toContain(status);
    expect(headers.get('content-type')).toContain('application/problem+json');
    const pointers = (body['errors'] as readonly { readonly pointer: string }[]).map(
      ({ pointer }) => pointer,
    );
    expect(pointers).toEqual(
      expect.arrayContaining(['/reference', '/amount', '/currency', '/paid_on']),
    );
  });

  it('verifies it once the bank has said so', async () => {
    expect(await system.reaches(id, 'verified')).toMatchObject({
      bank_on: PAID_ON,
      bank_amount: 124_050,
      amount_difference: 0,
      late: false,
    });
  });

  it('tells its history, every ask included', async () => {
    const { status, body } = await system.call('GET', `/api/v1/transactions/${id}/events`);
    expect(status).toBe(200);
    const types = (body['data'] as readonly { readonly event: string }[]).map(({ event }) => event);
    expect(types).toEqual([
      'transaction.submitted',
      'ask.started',
      'ask.answered',
      'binding.proposed',
      'transaction.verified',
    ]);
  });

  it('lists it and totals it by day', async () => {
    await eventually(async () => {
      const { body } = await system.call('GET', '/api/v1/transactions?status=verified');
      return (body['data'] as readonly Shown[]).some((shown) => shown.id === id);
    });
    await eventually(async () => {
      const path = `/api/v1/finance/daily-totals?from=${PAID_ON}&to=${PAID_ON}`;
      const { status, body } = await system.call('GET', path);
      expect(status).toBe(200);
      expect(body['data']).toContainEqual(
        expect.objectContaining({
          currency: 'VES',
          status: 'verified',
          transactions: 1,
          claimed_amount: 124_050,
          bank_amount: 124_050,
        }),
      );
    });
  });

  it('can be walked from end to end by anybody who has a key', async () => {
    const { access, receivingAccountId } = system;
    await system.addCredits([{ reference: '00683473077', amount: 5_000 }]);
    const walk = new ClaimWalk({ ...access, receivingAccountId }, new SystemClock());
    const claim = { reference: '00683473077', amount: 5_000, paidOn: PAID_ON, totals: true };
    const steps: string[] = [];
    const { signal } = new AbortController();
    const verdict = { verdict: 'verified', withinMs: 30_000 };
    for await (const step of walk.walk({ ...claim, ...verdict }, signal)) steps.push(step);
    expect(steps).toHaveLength(5);
    expect(steps.at(-1)).toMatch(/^the totals of .+ have [1-9]/);
  });

  it('reviews what is a cent short, and lets expire what the bank never shows', async () => {
    await system.addCredits([{ reference: '00683473079', amount: 124_049 }]);
    const [short, absent] = await Promise.all([
      system.submit(system.claim('00683473079')),
      system.submit(system.claim('00683473080')),
    ]);
    expect(await system.reaches(short.body.id, 'needs_review')).toMatchObject({
      status_reason: 'amount_differs',
    });
    await system.reaches(absent.body.id, 'expired');
  });

  it('keeps to the contract, and nothing personal in its log or its metrics', async () => {
    expect(await system.bankState()).toMatchObject({ breaches: 0 });
    const metrics = await system.call('GET', '/metrics');
    expect(metrics.status).toBe(200);
    expect(overBudgetOnPage(String(metrics.body['text']))).toEqual([]);
    expect(metrics.body['text']).toContain('payments_submissions_replayed_total 2');
    const printed = `${system.lines.join('\n')}\n${String(metrics.body['text'])}`;
    for (const secret of [PHONE, PHONE.slice(1), '683473078', 'V12345678', 'Cliente de prueba']) {
      expect(printed).not.toContain(secret);
    }
  });

  it('ends well when it is asked to', async () => {
    expect(await system.stopService()).toBe(0);
  });
});
