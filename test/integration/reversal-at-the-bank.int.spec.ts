import { addDays, localDateAt } from '../../src/kernel/local-date.js';
import type { SandboxBank } from '../../src/stand-ins/sandbox-bank/sandbox-bank.js';
import { eventually } from '../support/eventually.js';
import { bankEnvironment, FAST } from '../support/running-system.js';
import { ACCOUNT, SandboxClient } from '../support/sandbox-client.js';
import { TransactionsApi, type Answer } from '../support/transactions-api.js';

const PAID_ON = addDays(localDateAt(new Date()), -1);
const PHONE = '+584125555555';

let bank: SandboxBank;
let client: SandboxClient;
let api: TransactionsApi;
let key: string;
let managersKey: string;
let accountId: string;

beforeAll(async () => {
  const limit = { calls: 30, windowMs: 1_000 };
  ({ bank, client } = await SandboxClient.start({ accounts: [ACCOUNT], limit }));
  api = await TransactionsApi.start({
    ...bankEnvironment(bank),
    ...FAST,
    ROLES: 'api,projector,verifier',
    BANESCO_LISTING_GRANTED: 'true',
  });
  const merchant = await api.aMerchant(ACCOUNT);
  accountId = merchant.accountId;
  key = await api.aKey(merchant.merchantId, ['transactions:write', 'transactions:read']);
  managersKey = await api.aKey(null, ['transactions:review', 'transactions:read']);
});

afterAll(async () => {
  await api.stop();
  await bank.stop();
});

const submit = async (reference: string): Promise<string> => {
  const { body } = await api.post('transactions', {
    key,
    body: {
      external_id: `order-${reference}`,
      kind: 'pago_movil',
      receiving_account_id: accountId,
      origin_bank: '0102',
      reference,
      amount: 63_000,
      currency: 'VES',
      paid_on: PAID_ON,
      payer: { phone: PHONE, document: 'V12345678', name: 'Ana' },
    },
  });
  return String(body['id']);
};

const credited = (reference: string, scenario: string | null = null) =>
  client.admin('POST', 'movements', [
    {
      account: ACCOUNT,
      amount_minor: 63_000,
      reference,
      on: PAID_ON,
      payer_phone: PHONE,
      payer_bank: '0102',
      scenario,
    },
  ]);

const reaches = (id: string, status: string, reason: string | null = null): Promise<Answer> =>
  eventually(
    async () => {
      const shown = await api.get(`transactions/${id}`, { key });
      expect(shown.body).toMatchObject({ status, status_reason: reason });
      return shown;
    },
    { everyMs: 100 },
  );

const decide = (verb: string, shown: Answer, body: Record<string, unknown>): Promise<Answer> => {
  const id = String(shown.body['id']);
  return api.post(`transactions/${id}/${verb}`, {
    key: managersKey,
    body,
    headers: { 'if-match': String(shown.headers['etag']), 'idempotency-key': `${verb}-${id}` },
  });
};

/** A claim that was verified, and whose credit a later listing shows with a debit that takes it back. */
const takenBack = async (head: string): Promise<Answer> => {
  await credited(`${head}1`, 'reversal');
  const id = await submit(`${head}1`);
  await reaches(id, 'verified');
  // Two claims that were never asked about: one listing answers both, and shows the debit as well.
  const others = [`${head}2`, `${head}3`];
  await Promise.all(others.map((reference) => credited(reference)));
  const ids = await Promise.all(others.map(submit));
  for (const other of ids) await reaches(other, 'verified');
  return reaches(id, 'needs_review', 'reversal_suspected');
};

describe('meeting a reversal at the bank', () => {
  it('suspects it, lets a manager say so, and looks again when that was wrong', async () => {
    const suspected = await takenBack('0068347307');
    expect(suspected.body).toMatchObject({
      bank_amount: 63_000,
      candidates: [
        { direction: 'credit', amount: 63_000 },
        { direction: 'debit', amount: 63_000 },
      ],
    });

    const reversed = await decide('reverse', suspected, { reason: 'the statement shows it' });
    expect(reversed).toMatchObject({ status: 200, body: { status: 'reversed' } });

    const reopened = await decide('reopen', reversed, { reason: 'the debit was another one’s' });
    expect(reopened.body).toMatchObject({ status: 'needs_review', status_reason: 'reopened' });
  });

  it('keeps the movement for its claim when a manager finds no reversal', async () => {
    const suspected = await takenBack('0068347317');
    const shown = suspected.body['candidates'] as readonly Readonly<Record<string, unknown>>[];
    const credit = shown.find(({ direction }) => direction === 'credit');

    const kept = await decide('review', suspected, {
      decision: 'verify',
      movement_key: credit?.['movement_key'],
      reason: 'the debit is a refund of another order',
    });

    expect(kept.body).toMatchObject({ status: 'verified', bank_amount: 63_000 });
  });
});
