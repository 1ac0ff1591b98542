import { Client } from 'pg';
import { TransactionsApi, type Answer } from '../support/transactions-api.js';

const ALL = ['transactions:write', 'transactions:read', 'finance:read'] as const;

let api: TransactionsApi;
let key: string;
let accountId: string;
let references = 300_000_000;

beforeAll(async () => {
  api = await TransactionsApi.start();
  const merchant = await api.aMerchant();
  accountId = merchant.accountId;
  key = await api.aKey(merchant.merchantId, ALL);
});

afterAll(() => api.stop());

const aBody = (over: Record<string, unknown> = {}): Record<string, unknown> => {
  references += 1;
  return {
    external_id: 'order-1',
    kind: 'pago_movil',
    receiving_account_id: accountId,
    origin_bank: '0102',
    reference: String(references),
    amount: 12_050,
    currency: 'VES',
    paid_on: '2026-01-05',
    payer: { phone: '0412-1234567', document: 'V-12345678', name: 'Ana' },
    ...over,
  };
};

interface Result {
  readonly index: number;
  readonly status: number;
  readonly transaction: { readonly id: string; readonly reference: string } | null;
  readonly problem: Record<string, unknown> | null;
}

const bulk = (transactions: unknown, caller = key): Promise<Answer> =>
  api.post('transactions/bulk', { key: caller, body: { transactions } });
const resultsOf = ({ body }: Answer): readonly Result[] => body['results'] as Result[];
const tokenOf = ({ headers }: Answer): string => String(headers['position-token']);
const list = (token: string, query = ''): Promise<Answer> =>
  api.get(`transactions${query}`, { key, headers: { 'position-token': token } });

describe('submitting in bulk', () => {
  it('takes or refuses each claim by itself, in the order of the request', async () => {
    const known = aBody();
    await api.post('transactions', { key, body: known });
    const twice = aBody();
    const answer = await bulk([
      aBody(),
      known,
      aBody({ amount: -1, kind: 'gift' }),
      'no claim at all',
      { ...known, amount: 1 },
      aBody({ reference: '12' }),
      twice,
      twice,
    ]);

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ accepted: 2, replayed: 2, refused: 4 });
    expect(resultsOf(answer).map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(
      resultsOf(answer)
        .map(({ status }) => status)
        .slice(0, 6),
    ).toEqual([202, 200, 422, 422, 409, 422]);
    expect(
      resultsOf(answer)
        .slice(6)
        .map(({ status }) => status)
        .toSorted((a, b) => a - b),
    ).toEqual([200, 202]);
    expect(resultsOf(answer)[2]?.problem).toMatchObject({
      code: 'invalid_input',
      errors: expect.arrayContaining([expect.objectContaining({ pointer: '/amount' })]),
    });
    expect(resultsOf(answer)[4]?.problem).toMatchObject({
      code: 'duplicate_reference',
      transaction_id: resultsOf(answer)[1]?.transaction?.id,
    });
  });

  it('takes five hundred, and a repeat of the whole answers the same transactions', async () => {
    const claims = Array.from({ length: 500 }, () => aBody());
    const first = await bulk(claims);
    const again = await bulk(claims);

    expect(first.body).toMatchObject({ accepted: 500, replayed: 0, refused: 0 });
    expect(again.body).toMatchObject({ accepted: 0, replayed: 500, refused: 0 });
    const ids = (answer: Answer) => resultsOf(answer).map(({ transaction }) => transaction?.id);
    expect(ids(again)).toEqual(ids(first));
    expect(new Set(ids(first)).size).toBe(500);
    const references = resultsOf(first).map(({ transaction }) => transaction?.reference);
    expect(references).toEqual(claims.map(({ reference }) => reference));
  });

  it.each([
    ['no claim', []],
    ['one too many', Array.from({ length: 501 }, () => ({}))],
    ['no list', 'claims'],
  ])('refuses a request with %s as a whole', async (_, transactions) => {
    expect(await bulk(transactions)).toMatchObject({
      status: 422,
      body: { code: 'invalid_input' },
    });
  });

  it('takes a body that a single submission may not have, and has a limit of its own', async () => {
    const large = 'x'.repeat(100 * 1_024);
    const most = 'x'.repeat(2_100_000);

    expect((await bulk([{ ...aBody(), concept: large }])).status).toBe(200);
    expect((await bulk([{ ...aBody(), concept: most }])).status).toBe(413);
    expect((await api.post('transactions', { key, body: aBody({ concept: large }) })).status).toBe(
      413,
    );
  });

  it('is for merchants only', async () => {
    expect((await bulk([aBody()], await api.aKey(null, ALL))).status).toBe(403);
  });
});

describe('reading one’s own writes', () => {
  it('shows a claim in the list at once, every time', async () => {
    for (let round = 0; round < 15; round += 1) {
      const body = aBody();
      const written = await api.post('transactions', { key, body });
      const { status, body: page } = await list(
        tokenOf(written),
        `?reference=${String(body['reference'])}`,
      );

      expect([status, (page['data'] as unknown[]).length]).toEqual([200, 1]);
    }
  });

  it('shows all of a bulk by the token of its answer', async () => {
    const answer = await bulk(Array.from({ length: 60 }, () => aBody({ external_id: 'together' })));
    const { body } = await list(tokenOf(answer), '?external_id=together&limit=100');

    expect(body['data']).toHaveLength(60);
  });

  it('gives a token to a repeat and to a withdrawal too', async () => {
    const body = aBody();
    const first = await api.post('transactions', { key, body });
    const again = await api.post('transactions', { key, body });
    const cancelled = await api.post(`transactions/${String(first.body['id'])}/cancel`, {
      key,
      headers: { 'idempotency-key': 'k' },
    });
    const { body: page } = await list(
      tokenOf(cancelled),
      `?reference=${String(body['reference'])}`,
    );

    expect(tokenOf(again)).toBe(tokenOf(first));
    expect(page['data']).toMatchObject([{ status: 'cancelled' }]);
  });

  it('says how far behind the list is when it does not come in time', async () => {
    const locking = new Client({ connectionString: api.databaseUrl });
    await locking.connect();
    await locking.query('begin');
    await locking.query('select * from read.projection_checkpoint for update');
    try {
      const written = await api.post('transactions', { key, body: aBody() });
      const answer = await list(tokenOf(written));

      expect(answer).toMatchObject({
        status: 409,
        body: { code: 'read_model_behind', retryable: true, behind_seconds: expect.any(Number) },
      });
      expect(answer.headers['retry-after']).toBe('1');
      expect(answer.body['behind_seconds']).toBeGreaterThan(0);
      expect(answer.body['behind_seconds']).toBeLessThan(30);
      await locking.query('commit');
      expect((await list(tokenOf(written))).status).toBe(200);
      const totals = await api.get('finance/daily-totals?from=2026-01-05&to=2026-01-05', {
        key,
        headers: { 'position-token': tokenOf(written) },
      });
      expect(totals.status).toBe(200);
    } finally {
      await locking.end();
    }
  });

  it('refuses what is no token', async () => {
    expect(await list('yesterday')).toMatchObject({
      status: 422,
      body: { errors: [{ in: 'header', pointer: '/position-token' }] },
    });
  });
});

describe('submitting in bulk while the log is away', () => {
  it('answers each claim 503, soon, and takes all of them afterwards', async () => {
    const claims = Array.from({ length: 200 }, () => aBody());
    await api.log.kill();
    const began = performance.now();
    const answer = await bulk(claims);

    expect(performance.now() - began).toBeLessThan(25_000);
    expect(new Set(resultsOf(answer).map(({ status }) => status))).toEqual(new Set([503]));
    expect(resultsOf(answer)[199]?.problem).toMatchObject({ retryable: true });
    await api.log.restart();
    expect((await bulk(claims)).body).toMatchObject({ refused: 0 });
  });
});
