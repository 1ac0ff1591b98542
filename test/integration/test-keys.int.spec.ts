import { sql } from 'kysely';
import { GatewayClosures } from '../../src/bank-gateway/permits/gateway-closures.port.js';
import { DatabaseConnection } from '../../src/platform/database/database.js';
import { PAID_ON, PHONE, bankEnvironment, creditRow, FAST } from '../support/running-system.js';
import type { SandboxBank } from '../../src/stand-ins/sandbox-bank/sandbox-bank.js';
import { eventually } from '../support/eventually.js';
import { ACCOUNT, SandboxClient } from '../support/sandbox-client.js';
import { TransactionsApi } from '../support/transactions-api.js';

const AMOUNT = 124_050;
const PERMISSIONS = ['transactions:write', 'transactions:read'] as const;

interface Stage {
  readonly bank: SandboxBank;
  readonly client: SandboxClient;
  readonly api: TransactionsApi;
  readonly live: string;
  readonly test: string;
  readonly finance: string;
  readonly submit: (key: string, reference: string) => Promise<string>;
}

/** A service that asks a sandbox bank, marked as one or not, and a merchant with a key of each mode. */
async function aStage(
  sandbox: boolean,
  more: Readonly<Record<string, string>> = {},
): Promise<Stage> {
  const { bank, client } = await SandboxClient.start({
    accounts: [ACCOUNT],
    limit: { calls: 30, windowMs: 1_000 },
  });
  const api = await TransactionsApi.start({
    ROLES: 'api,projector,verifier',
    ...bankEnvironment(bank),
    ...FAST,
    BANESCO_SANDBOX: String(sandbox),
    ...more,
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
    client,
    api,
    submit,
    live: await api.aKey(merchantId, PERMISSIONS),
    test: await api.aKey(merchantId, PERMISSIONS, 'test'),
    finance: await api.aKey(merchantId, ['finance:read']),
  };
}

const addCredits = async (
  { bank }: Pick<Stage, 'bank'>,
  ...references: string[]
): Promise<void> => {
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
  });

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
  });

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

describe('submitting with a test key where a sandbox stands beside the live bank', () => {
  const SHARED = '00683473078';
  let beside: Awaited<ReturnType<typeof SandboxClient.start>>;
  let stage: Stage;

  beforeAll(async () => {
    beside = await SandboxClient.start({
      accounts: [ACCOUNT],
      clientId: 'beside-client',
      clientSecret: 'beside-secret',
      limit: { calls: 20, windowMs: 1_000 },
    });
    stage = await aStage(false, {
      BANESCO_LISTING_GRANTED: 'true',
      BANESCO_SANDBOX_BASE_URL: beside.bank.url,
      BANESCO_SANDBOX_TOKEN_URL: beside.bank.tokenUrl,
      BANESCO_SANDBOX_TRANSACTIONS_PATH: new URL(beside.bank.transactionsUrl).pathname,
      BANESCO_SANDBOX_CLIENT_ID: 'beside-client',
      BANESCO_SANDBOX_CLIENT_SECRET: 'beside-secret',
      BANESCO_SANDBOX_LIMIT_CALLS: '20',
      BANESCO_SANDBOX_LIMIT_WINDOW_MS: '1000',
    });
  });

  afterAll(async () => {
    await stage.api.stop();
    await stage.bank.stop();
    await beside.bank.stop();
  });

  const asked = async (client: SandboxClient): Promise<number> => {
    const { operations } = (await client.state()) as {
      readonly operations: Readonly<Record<string, number>>;
    };
    const { token: _, ...calls } = operations;
    return Object.values(calls).reduce((sum, count) => sum + count, 0);
  };

  it('asks each bank about its own claims alone, also about one and the same payment', async () => {
    await addCredits(beside, SHARED);
    const testId = await stage.submit(stage.test, SHARED);
    await isVerified(stage, stage.test, testId);
    expect(await asked(stage.client)).toBe(0);

    const askedBeside = await asked(beside.client);
    await addCredits(stage, SHARED, '00683473089');
    const liveIds = [
      await stage.submit(stage.live, SHARED),
      await stage.submit(stage.live, '00683473089'),
    ];
    for (const id of liveIds) await isVerified(stage, stage.live, id);
    expect(await asked(beside.client)).toBe(askedBeside);
    expect(await asked(stage.client)).toBeGreaterThan(0);
    expect((await shown(stage, stage.live, `${liveIds[0]}`)).body['mode']).toBe('live');
  });

  it('counts the live claims alone', async () => {
    const totals = `finance/daily-totals?from=${PAID_ON}&to=${PAID_ON}`;
    await eventually(async () => {
      const { body } = await stage.api.get(totals, { key: stage.finance });
      expect(body['data']).toEqual([
        expect.objectContaining({ status: 'verified', transactions: 2, bank_amount: 2 * AMOUNT }),
      ]);
    });
    expect((await stage.api.get(totals, { key: stage.test })).status).toBe(403);
  });

  it('keeps a quota, a state and figures for each', async () => {
    const admin = await stage.api.aKey(null, ['admin']);
    const { body } = await stage.api.get('bank-credentials', { key: admin });
    expect(body['data']).toMatchObject([
      { id: 'banesco', sandbox: false, modes: ['live'], calls_allowed: 30 },
      { id: 'banescosandbox', sandbox: true, modes: ['test'], calls_allowed: 20 },
    ]);
    const calls = [(await stage.client.state())['calls'], (await beside.client.state())['calls']];
    const permits = await takenPermits(stage);
    expect([...permits.keys()].sort()).toEqual(['banesco', 'banescosandbox']);
    expect(permits.get('banesco')).toBeGreaterThanOrEqual(Number(calls[0]));
    expect(permits.get('banescosandbox')).toBeGreaterThanOrEqual(Number(calls[1]));
    const metrics = await (await fetch(`${stage.api.running.url}/metrics`)).text();
    expect(metrics).toMatch(/^payments_bank_calls_total\{[^}]*bank="0134-sandbox"[^}]*\} [1-9]/m);
    expect(metrics).toMatch(/^payments_bank_circuit_open\{[^}]*"banescosandbox"[^}]*\} 0$/m);
  });

  it('goes on with the live bank while the way to the sandbox is closed', async () => {
    const closures = stage.api.running.app.get(GatewayClosures, { strict: false });
    await closures.close('banescosandbox', { by: 'process:spec', reason: 'refused' });
    await addCredits(stage, '00683473104');

    const testId = await stage.submit(stage.test, '00683473104');
    const liveId = await stage.submit(stage.live, '00683473104');

    await isVerified(stage, stage.live, liveId);
    expect((await shown(stage, stage.test, testId)).body['status']).toBe('pending');
  });
});

const takenPermits = async ({ api }: Stage): Promise<ReadonlyMap<string, number>> => {
  const { kysely } = api.running.app.get(DatabaseConnection, { strict: false });
  const { rows } = await sql<{ credential_id: string; taken: number }>`
    select credential_id, count(*)::int as taken from state.permit group by 1`.execute(kysely);
  return new Map(rows.map(({ credential_id: id, taken }) => [id, taken]));
};
