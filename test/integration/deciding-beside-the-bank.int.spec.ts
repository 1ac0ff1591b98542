// What merchants and reviewers do over HTTP, beside a verifier that really asks a bank.
import { eventually } from '../support/eventually.js';
import { variablesFor } from '../support/gateway-under-test.js';
import { ACCOUNT, SandboxClient } from '../support/sandbox-client.js';
import { TransactionsApi } from '../support/transactions-api.js';

const PAID_ON = '2026-01-05';
const PHONE = '+584125550131';

let api: TransactionsApi;
let bank: Awaited<ReturnType<typeof SandboxClient.start>>;
let key: string;
let staffKey: string;
let accountId: string;
let acts = 0;

beforeAll(async () => {
  bank = await SandboxClient.start();
  api = await TransactionsApi.start({
    ...variablesFor(bank.bank),
    ROLES: 'api,projector,verifier',
    BANESCO_LISTING_GRANTED: 'false',
    // Asked once, then not for an hour: whatever follows sooner was wished for.
    VERIFICATION_SCHEDULE_SECONDS: '0,3600',
  });
  const merchant = await api.aMerchant(ACCOUNT);
  accountId = merchant.accountId;
  key = await api.aKey(merchant.merchantId, ['transactions:write', 'transactions:read']);
  staffKey = await api.aKey(null, ['transactions:read', 'transactions:review']);
});

afterAll(async () => {
  await api.stop();
  await bank.bank.stop();
});

const credit = async (reference: string, amount = 124_050) => {
  const row = { account: ACCOUNT, amount_minor: amount, reference, on: PAID_ON };
  const payer = { payer_phone: PHONE, payer_bank: '0102' };
  const reply = await bank.client.admin('POST', 'movements', [{ ...row, ...payer }]);
  expect(reply.status).toBe(200);
};

const submit = async (reference: string, externalId = `order ${reference}`): Promise<string> => {
  const body = {
    external_id: externalId,
    kind: 'pago_movil',
    receiving_account_id: accountId,
    origin_bank: '0102',
    reference,
    amount: 124_050,
    currency: 'VES',
    paid_on: PAID_ON,
    payer: { phone: PHONE },
  };
  const { body: resource } = await api.post('transactions', { key, body });
  return String(resource['id']);
};

const act = (id: string, verb: string, as: string, { body = {}, version = -1 } = {}) => {
  acts += 1;
  return api.post(`transactions/${id}/${verb}`, {
    key: as,
    ...(verb === 'verify' ? {} : { body }),
    headers: {
      'idempotency-key': `act-${acts}`,
      ...(version < 0 ? {} : { 'if-match': `"${version}"` }),
    },
  });
};

/** Waits until a transaction is as expected, and gives it. */
const becomes = (id: string, expected: object) =>
  eventually(
    async () => {
      const { body } = await api.get(`transactions/${id}`, { key });
      expect(body).toMatchObject(expected);
      return body;
    },
    { everyMs: 50 },
  );

/** Waits until the bank has been asked and said that it shows nothing. */
const asked = (id: string) =>
  eventually(
    async () => {
      const { body } = await api.get(`transactions/${id}/explain`, { key });
      expect(body).toMatchObject({ asks_total: 1, next: { action: 'ask' } });
      expect(body['expected_verdict_at']).toEqual(expect.any(String));
    },
    { everyMs: 50 },
  );

const candidateOf = (resource: Record<string, unknown>): Record<string, unknown> =>
  (resource['candidates'] as Record<string, unknown>[])[0] ?? {};

describe('having the bank asked now', () => {
  it('brings the verdict long before the schedule would', async () => {
    const id = await submit('00683473001');
    await asked(id);
    await credit('00683473001');

    expect((await act(id, 'verify', key)).status).toBe(202);

    await becomes(id, { status: 'verified' });
  });
});

describe('correcting a mistyped reference', () => {
  it('has the bank asked in the right words at once', async () => {
    await credit('00683473002');
    const id = await submit('00683473999');
    await asked(id);

    const corrected = await act(id, 'correct', key, {
      body: { reference: '00683473002', reason: 'two digits were swapped' },
      version: 0,
    });

    expect(corrected.status).toBe(200);
    await becomes(id, { status: 'verified', reference: '00683473002' });
  });
});

describe('reviewing what the bank shows', () => {
  it('binds what a person accepts, and gives it back when it was a mistake', async () => {
    await credit('00683473003', 124_000);
    const first = await submit('00683473003', 'order 3');
    const inReview = await becomes(first, {
      status: 'needs_review',
      status_reason: 'amount_differs',
      candidates: [{ amount: 124_000, amount_difference: -50, days_apart: 0 }],
    });
    const movementKey = candidateOf(inReview)['movement_key'];
    const accept = { decision: 'verify', movement_key: movementKey, reason: 'the fee was ours' };

    const verified = await act(first, 'review', staffKey, {
      body: accept,
      version: Number(inReview['version']),
    });
    expect(verified.body).toMatchObject({ status: 'verified', amount_difference: -50 });
    const reopened = await act(first, 'reopen', staffKey, {
      body: { reason: 'another customer paid this' },
      version: Number(verified.body['version']),
    });
    expect(reopened.body).toMatchObject({ status: 'needs_review', status_reason: 'reopened' });
    expect((await act(first, 'cancel', key)).body).toMatchObject({ status: 'cancelled' });

    // The same words again are the next claim; the movement is free for it.
    const second = await submit('00683473003', 'order 4');
    expect(second).not.toBe(first);
    const again = await becomes(second, { status: 'needs_review' });
    await eventually(
      async () => {
        const version = Number((await api.get(`transactions/${second}`, { key })).body['version']);
        const bound = await act(second, 'review', staffKey, { body: accept, version });
        expect(bound.body).toMatchObject({ status: 'verified' });
      },
      { everyMs: 500 },
    );
    expect(candidateOf(again)['movement_key']).toBe(movementKey);
  });
});
