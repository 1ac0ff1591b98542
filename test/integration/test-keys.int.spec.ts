import { PAID_ON, PHONE, bankEnvironment, creditRow, FAST } from '../support/running-system.js';
import type { SandboxBank } from '../../src/stand-ins/sandbox-bank/sandbox-bank.js';
import { eventually } from '../support/eventually.js';
import { ACCOUNT, SandboxClient } from '../support/sandbox-client.js';
import { TransactionsApi } from '../support/transactions-api.js';

const AMOUNT = 124_050;
const PERMISSIONS = ['transactions:write', 'transactions:read'] as const;

interface Stage {
  readonly bank: SandboxBank;
  readonly api: TransactionsApi;
  readonly live: string;
  readonly test: string;
  readonly finance: string;
  readonly submit: (key: string, reference: string) => Promise<string>;
}

/** A service that asks a sandbox bank, marked as one or not, and a merchant with a key of each mode. */
async function aStage(sandbox: boolean): Promise<Stage> {
  const { bank } = await SandboxClient.start({
    accounts: [ACCOUNT],
    limit: { calls: 30, windowMs: 1_000 },
  });
  const api = await TransactionsApi.start({
    ROLES: 'api,projector,verifier',
    ...bankEnvironment(bank),
    ...FAST,
    BANESCO_SANDBOX: String(sandbox),
  });
  const { merchantId, accountId } = await api.aMerchant(ACCOUNT);
  const submit = async (key: string, reference: string): Promise<string> => {
    const body = {
      external_id: `order-${reference}`,
      kind: 'pago_movil',
      receiving_account_id: accountId,
      origin_bank: '0102',
      reference,
      amount: AMOUNT,
      currency: 'VES',
      paid_on: PAID_ON,
      payer: { phone: PHONE, document: 'V12345678' },
    };
    const { status, body: shown } = await api.post('transactions', { key, body });
    expect(status).toBe(202);
    return String(shown['id']);
  };
  return {
    bank,
    api,
    submit,
    live: await api.aKey(merchantId, PERMISSIONS),
    test: await api.aKey(merchantId, PERMISSIONS, 'test'),
    finance: await api.aKey(merchantId, ['finance:read']),
  };
}

const addCredits = async ({ bank }: Stage, ...references: string[]): Promise<void> => {
  const rows = references.map((reference) => creditRow({ reference, amount: AMOUNT }));
  const { status } = await fetch(`${bank.url}/admin/movements`, {
    method: 'POST',
    headers: { 'x-sandbox-admin': '1', 'content-type': 'application/json' },
    body: JSON.stringify(rows),
  });
  expect(status).toBeLessThan(300);
};
const shown = async ({ api }: Stage, key: string, id: string) =>
  api.get(`transactions/${id}`, { key });
const isVerified = (stage: Stage, key: string, id: string) =>
  eventually(async () => (await shown(stage, key, id)).body['status'] === 'verified', {
    withinMs: 30_000,
    everyMs: 50,
  });

describe('submitting with a test key where the bank is a sandbox', () => {
  let stage: Stage;
  let testId: string;
  let liveId: string;

  beforeAll(async () => {
    stage = await aStage(true);
    await addCredits(stage, '00683473078', '00683473089');
    testId = await stage.submit(stage.test, '00683473078');
    liveId = await stage.submit(stage.live, '00683473089');
  }, 60_000);

  afterAll(async () => {
    await stage.api.stop();
    await stage.bank.stop();
  });

  it('delivers the verdict of the sandbox', async () => {
    await isVerified(stage, stage.test, testId);
    await isVerified(stage, stage.live, liveId);
    expect((await shown(stage, stage.test, testId)).body).toMatchObject({
      mode: 'test',
      bank_amount: AMOUNT,
    });
  });

  it('shows claims to keys of their own mode only', async () => {
    for (const end of ['', '/events', '/explain']) {
      expect((await shown(stage, stage.live, `${testId}${end}`)).status).toBe(404);
      expect((await shown(stage, stage.test, `${liveId}${end}`)).status).toBe(404);
    }
    for (const [key, id] of [
      [stage.test, testId],
      [stage.live, liveId],
    ] as const) {
      await eventually(async () => {
        const { body } = await stage.api.get('transactions?status=verified', { key });
        return (body['data'] as { id: string }[]).map((one) => one.id).join() === id;
      });
    }
  });

  it('counts the live claim alone, in totals and in metrics of money', async () => {
    const totals = `finance/daily-totals?from=${PAID_ON}&to=${PAID_ON}`;
    await eventually(async () => {
      const { body } = await stage.api.get(totals, { key: stage.finance });
      const data = body['data'] as Record<string, unknown>[];
      return data.some(({ status }) => status === 'verified');
    });
    const { body } = await stage.api.get(totals, { key: stage.finance });
    expect(body['data']).toEqual([
      expect.objectContaining({
        status: 'verified',
        transactions: 1,
        claimed_amount: AMOUNT,
        bank_amount: AMOUNT,
      }),
    ]);
    expect((await stage.api.get(totals, { key: stage.test })).status).toBe(403);
    const metrics = await (await fetch(`${stage.api.running.url}/metrics`)).text();
    expect(metrics).toMatch(/^transaction_amount_count\{[^}]*\} 1$/m);
    expect(metrics).toMatch(new RegExp(`^transaction_amount_sum\\{[^}]*\\} ${AMOUNT / 100}$`, 'm'));
  });
});

describe('submitting with a test key where the bank is real', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await aStage(false);
    await addCredits(stage, '00683473078', '00683473089');
  }, 60_000);

  afterAll(async () => {
    await stage.api.stop();
    await stage.bank.stop();
  });

  it('asks that bank about live claims alone', async () => {
    const testId = await stage.submit(stage.test, '00683473078');
    const liveId = await stage.submit(stage.live, '00683473089');
    await isVerified(stage, stage.live, liveId);

    expect((await shown(stage, stage.test, testId)).body).toMatchObject({ status: 'pending' });
    const { body } = await shown(stage, stage.test, `${testId}/explain`);
    expect(body).toMatchObject({ asks_total: 0, sweeps: [] });
  });
});
