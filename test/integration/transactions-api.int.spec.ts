import { eventually } from '../support/eventually.js';
import { TransactionsApi, type Answer } from '../support/transactions-api.js';

const ALL = ['transactions:write', 'transactions:read', 'finance:read'] as const;

let api: TransactionsApi;
let key: string;
let accountId: string;
let merchantId: string;
let references = 100_000_000;

beforeAll(async () => {
  api = await TransactionsApi.start();
  ({ merchantId, accountId } = await api.aMerchant());
  key = await api.aKey(merchantId, ALL);
});

afterAll(() => api.stop());

const aBody = (over: Record<string, unknown> = {}) => {
  references += 1;
  return {
    external_id: 'order-1',
    kind: 'pago_movil',
    receiving_account_id: accountId,
    origin_bank: '0102',
    reference: String(references),
    amount: 12_050,
    currency: 'Bs',
    paid_on: '2026-01-05',
    payer: { phone: '0412-1234567', document: 'V-12345678', name: 'Ana' },
    concept: 'lunch',
    metadata: { table: '7' },
    ...over,
  };
};
const submit = (body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  api.post('transactions', { key, body, headers });

describe('submitting over HTTP', () => {
  it('accepts a claim with 202, its resource and its place', async () => {
    const body = aBody();
    const { status, headers, body: resource } = await submit(body);

    expect(status).toBe(202);
    expect(headers).toMatchObject({
      location: `/api/v1/transactions/${String(resource['id'])}`,
      etag: '"0"',
    });
    expect(headers['idempotency-replayed']).toBeUndefined();
    expect(resource).toMatchObject({
      status: 'pending',
      amount: 12_050,
      currency: 'VES',
      bank: '0134',
      reference: body.reference,
      payer: { phone: '*******67', document: '*******78', name: 'A*******' },
    });
  });

  it('is found at its place at once, from the log, with what the merchant wrote beside it', async () => {
    const { headers, body } = await submit(aBody());

    const found = await api.get(String(headers['location']), { key });

    expect(found.status).toBe(200);
    expect(found.body).toEqual({ ...body, concept: 'lunch', metadata: { table: '7' } });
  });

  it('answers the same content with 200 and says that it is a replay', async () => {
    const body = aBody();
    const first = await submit(body);
    const again = await submit({ ...body, payer: { ...body.payer, phone: '+58 4121234567' } });

    expect(again.status).toBe(200);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
  });

  it('refuses other content under the same key and names what is there', async () => {
    const body = aBody();
    const first = await submit(body);
    const other = await submit({ ...body, amount: 1 });

    expect(other.status).toBe(409);
    expect(other.headers['content-type']).toContain('application/problem+json');
    expect(other.body).toMatchObject({
      code: 'duplicate_reference',
      transaction_id: first.body['id'],
      retryable: false,
    });
  });

  it('names every wrong field of a body, the day included', async () => {
    const refused = await submit(
      aBody({ amount: '12', paid_on: '2999-01-01', payer: { phone: '7' }, colour: 'red' }),
    );

    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ code: 'invalid_input' });
    const pointers = (refused.body['errors'] as { pointer: string }[]).map(
      ({ pointer }) => pointer,
    );
    expect(pointers.sort()).toEqual(['/amount', '/colour', '/paid_on', '/payer/phone']);
  });

  it.each([
    [{ receiving_account_id: '9a4f3c1d-1f6b-4c8e-a2d4-7b9e0c5f1a33' }, 'receiving_account_unknown'],
    [{ reference: '12345' }, 'reference_too_short'],
    [{ payer: {} }, 'payer_incomplete'],
    [{ distinct_from: '9a4f3c1d-1f6b-4c8e-a2d4-7b9e0c5f1a33' }, 'distinct_from_unrelated'],
  ])('refuses %j with 422 and %s', async (over, code) => {
    const refused = await submit(aBody(over));

    expect([refused.status, refused.body['code']]).toEqual([422, code]);
    expect(refused.body['errors']).toHaveLength(1);
  });

  it('waits for a verdict as long as preferred, and answers what it knows then', async () => {
    const waited = await submit(aBody(), { prefer: 'wait=1' });

    expect(waited.status).toBe(202);
    expect(waited.headers['preference-applied']).toBe('wait=1');
    expect(waited.body).toMatchObject({ status: 'pending' });
  });

  it('takes an idempotency key, and refuses one that is none', async () => {
    expect((await submit(aBody(), { 'idempotency-key': '"k-1"' })).status).toBe(202);
    expect((await submit(aBody(), { 'idempotency-key': 'k'.repeat(300) })).status).toBe(422);
  });

  it('lets nobody in without the permission, and staff submit nothing', async () => {
    const reader = await api.aKey(merchantId, ['transactions:read']);
    const operator = await api.aKey(null, ALL);
    const statusOf = async (as: string | undefined) =>
      (await api.post('transactions', { ...(as === undefined ? {} : { key: as }), body: aBody() }))
        .status;

    expect([await statusOf(undefined), await statusOf(reader), await statusOf(operator)]).toEqual([
      401, 403, 403,
    ]);
  });
});

describe('seeing only what is one’s own', () => {
  it('hides a transaction from other merchants and from keys of the other mode', async () => {
    const { headers } = await submit(aBody());
    const place = String(headers['location']);
    const other = await api.aMerchant();
    const strangers = [
      await api.aKey(other.merchantId, ALL),
      await api.aKey(merchantId, ALL, 'test'),
    ];

    for (const stranger of strangers) {
      const answers = [
        await api.get(place, { key: stranger }),
        await api.get(`${place}/events`, { key: stranger }),
        await api.post(`${place}/cancel`, {
          key: stranger,
          headers: { 'idempotency-key': 'k' },
        }),
      ];
      expect(answers.map(({ status, body }) => [status, body['code']])).toEqual(
        answers.map(() => [404, 'transaction_not_found']),
      );
    }
    const operator = await api.aKey(null, ['transactions:read']);
    expect((await api.get(place, { key: operator })).status).toBe(200);
  });
});

describe('cancelling over HTTP', () => {
  it('withdraws the claim, tells it, and makes room for the next', async () => {
    const body = aBody();
    const { headers, body: first } = await submit(body);
    const cancel = (idempotencyKey: string) =>
      api.post(`${String(headers['location'])}/cancel`, {
        key,
        body: { reason: 'ordered twice' },
        headers: { 'idempotency-key': idempotencyKey },
      });

    const cancelled = await cancel('k-1');
    const again = await cancel('k-1');

    expect(cancelled).toMatchObject({ status: 200, body: { status: 'cancelled', version: 1 } });
    expect(again).toMatchObject({
      status: 200,
      headers: { 'idempotency-replayed': 'true' },
      body: cancelled.body,
    });
    const history = await api.get(`${String(headers['location'])}/events`, { key });
    expect(history.body).toMatchObject({
      data: [
        { version: 0, event: 'transaction.submitted' },
        { version: 1, event: 'transaction.cancelled', details: { reason: 'ordered twice' } },
      ],
    });
    const next = await submit(body);
    expect(next.status).toBe(202);
    expect(next.body['id']).not.toBe(first['id']);
  });

  it('needs an idempotency key', async () => {
    const { headers } = await submit(aBody());

    const refused = await api.post(`${String(headers['location'])}/cancel`, { key });

    expect([refused.status, refused.body['code']]).toEqual([400, 'idempotency_key_required']);
  });
});

describe('listing and totalling over HTTP', () => {
  it('follows the log within moments, in pages that Link leads through', async () => {
    const own = await api.aMerchant();
    const ownKey = await api.aKey(own.merchantId, ALL);
    const place = { receiving_account_id: own.accountId };
    const bodies = [aBody(place), aBody({ ...place, amount: 1 }), aBody({ ...place, amount: 2 })];
    const ids: unknown[] = [];
    for (const body of bodies)
      ids.push((await api.post('transactions', { key: ownKey, body })).body['id']);

    const first = await eventually(async () => {
      const page = await api.get('transactions?limit=2&status=pending', { key: ownKey });
      expect(page.body).toMatchObject({ has_more: true, data: [{ id: ids[2] }, { id: ids[1] }] });
      return page;
    });
    const [, next = ''] = /^<(.+)>; rel="next"$/.exec(String(first.headers['link'])) ?? [];
    const second = await api.get(next, { key: ownKey });

    expect(second.body).toMatchObject({
      has_more: false,
      next_cursor: null,
      data: [{ id: ids[0] }],
    });
    expect(second.headers['link']).toBeUndefined();
    const byPhone = (phone: string, query = '') =>
      api.get(`transactions?amount_max=1${query}`, {
        key: ownKey,
        headers: { 'payer-phone': phone },
      });
    const found = await byPhone('+584121234567');
    expect(found.body).toMatchObject({ data: [{ id: ids[1] }] });
    expect(await byPhone('0212')).toMatchObject({
      status: 422,
      body: { errors: [{ in: 'header', pointer: '/payer-phone' }] },
    });
    expect(await byPhone('+584121234567', '&payer_phone=04121234567')).toMatchObject({
      status: 422,
      body: { errors: [{ in: 'query', pointer: '/payer_phone' }] },
    });
    await eventually(async () => {
      const totals = await api.get('finance/daily-totals?from=2026-01-01&to=2026-01-31', {
        key: ownKey,
      });
      expect(totals.body).toMatchObject({
        coverage: 'none',
        data: [
          {
            day: '2026-01-05',
            currency: 'VES',
            status: 'pending',
            transactions: 3,
            claimed_amount: 12_053,
            bank_amount: null,
          },
        ],
      });
    });
  });

  it.each([
    ['transactions?limit=0&colour=red', ['/limit', '/colour']],
    ['transactions?cursor=forged', ['/cursor']],
    ['finance/daily-totals?from=2026-01-01', ['/to']],
  ])('answers %s with 422 and names %j', async (path, pointers) => {
    const refused = await api.get(path, { key });

    expect(refused.status).toBe(422);
    const errors = refused.body['errors'] as { pointer: string }[];
    expect(errors.map(({ pointer }) => pointer)).toEqual(pointers);
  });
});

describe('describing the API', () => {
  it('documents every route of claims and totals, with references that resolve', async () => {
    const { body } = await api.get('/openapi.json');
    const text = JSON.stringify(body);

    expect(Object.keys(body['paths'] as object)).toEqual(
      expect.arrayContaining([
        '/api/v1/transactions',
        '/api/v1/transactions/{id}',
        '/api/v1/transactions/{id}/events',
        '/api/v1/transactions/{id}/cancel',
        '/api/v1/finance/daily-totals',
      ]),
    );
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
    const unresolved = references.filter((path) => {
      const found = path
        .split('/')
        .reduce<unknown>(
          (part, name) => (part as Record<string, unknown> | undefined)?.[name],
          body,
        );
      return found === undefined;
    });
    expect(references.length).toBeGreaterThan(0);
    expect(unresolved).toEqual([]);
  });
});

describe('losing the log for a while', () => {
  it('says that nothing is known, and a retry finds the truth', async () => {
    const body = aBody();
    await api.log.kill();

    const refused = await submit(body);

    expect([refused.status, refused.body['retryable']]).toEqual([503, true]);
    await api.log.restart();
    const retried = await eventually(
      async () => {
        const answer = await submit(body);
        expect([200, 202]).toContain(answer.status);
        return answer;
      },
      { everyMs: 200 },
    );
    expect((await api.get(`transactions/${String(retried.body['id'])}`, { key })).status).toBe(200);
  });
});
