import { aMovement, anId } from '../support/a-transaction.js';
import { eventually } from '../support/eventually.js';
import { TransactionsApi, type Answer } from '../support/transactions-api.js';

const MERCHANTS = ['transactions:write', 'transactions:read', 'finance:read'] as const;
const STAFF = ['transactions:read', 'transactions:review'] as const;
const PAID_ON = '2026-01-05';

let api: TransactionsApi;
let key: string;
let staffKey: string;
let merchantId: string;
let accountId: string;
let references = 200_000_000;
let keys = 0;

beforeAll(async () => {
  api = await TransactionsApi.start();
  ({ merchantId, accountId } = await api.aMerchant());
  key = await api.aKey(merchantId, MERCHANTS);
  staffKey = await api.aKey(null, STAFF);
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
    amount: 12_000,
    currency: 'VES',
    paid_on: PAID_ON,
    payer: { phone: '0412-1234567', document: 'V-12345678', name: 'Ana' },
    concept: 'lunch',
    ...over,
  };
};

interface Act {
  readonly as?: string;
  readonly body?: unknown;
  readonly version?: number | null;
  readonly idempotencyKey?: string;
}

const act = (id: string, verb: string, { as = key, body, version, idempotencyKey }: Act = {}) => {
  keys += 1;
  return api.post(`transactions/${id}/${verb}`, {
    key: as,
    ...(body === undefined ? {} : { body }),
    headers: {
      'idempotency-key': idempotencyKey ?? `k-${keys}`,
      ...(version === undefined || version === null ? {} : { 'if-match': `"${version}"` }),
    },
  });
};
const submitted = async (over: Record<string, unknown> = {}) => {
  const body = aBody(over);
  const { body: resource } = await api.post('transactions', { key, body });
  return { id: String(resource['id']), body };
};
const shown = async (id: string, as = key): Promise<Answer> =>
  api.get(`transactions/${id}`, { key: as });
const told = ({ status, body }: Answer) => [status, body['code']];

/** A credit of the bank's that differs from the claim by what is given. */
const credit = (tail: string, over: Parameters<typeof aMovement>[0] = {}) =>
  aMovement({
    movementKey: anId(tail).replaceAll('-', ''),
    bankOn: PAID_ON,
    reference: tail,
    amountMinor: 11_000,
    ...over,
  });

/** A claim that waits for a person, with candidates. */
const inReview = async (...candidates: ReturnType<typeof credit>[]) => {
  const { id, body } = await submitted();
  await api.record(id, {
    step: 'flag_for_review',
    flag: { reason: 'amount_differs', candidates, note: null },
    because: anId(`look ${id}`),
  });
  return { id, body };
};

describe('correcting a claim over HTTP', () => {
  it('amends it on the version that was seen, and tells the history', async () => {
    const { id } = await submitted();
    const body = { amount: 12_500, payer: { phone: '0414-7654321' }, reason: 'mistyped' };

    const corrected = await act(id, 'correct', { body, version: 0, idempotencyKey: 'c-1' });
    const again = await act(id, 'correct', { body, version: 0, idempotencyKey: 'c-1' });

    expect(corrected).toMatchObject({
      status: 200,
      headers: { etag: '"1"' },
      body: { amount: 12_500, version: 1, payer: { phone: '*******21', document: '*******78' } },
    });
    expect(again).toMatchObject({
      status: 200,
      headers: { 'idempotency-replayed': 'true' },
      body: corrected.body,
    });
    expect((await shown(id)).body).toMatchObject({ concept: 'lunch' });
    const history = await api.get(`transactions/${id}/events`, { key });
    expect(history.body['data']).toMatchObject([
      { event: 'transaction.submitted' },
      { event: 'transaction.corrected', details: { amount: 12_500, reason: 'mistyped' } },
    ]);
  });

  it('moves the claim in lists and totals', async () => {
    const { id } = await submitted({ external_id: 'moved', payer: { phone: '0412-1110001' } });
    await act(id, 'correct', {
      body: { paid_on: '2026-01-03', amount: 7, payer: { phone: '0412-1110002' } },
      version: 0,
    });

    await eventually(async () => {
      const listed = await api.get('transactions', {
        key,
        headers: { 'payer-phone': '+584121110002' },
      });
      expect(listed.body['data']).toMatchObject([{ id, amount: 7, paid_on: '2026-01-03' }]);
      const former = await api.get('transactions', {
        key,
        headers: { 'payer-phone': '0412-1110001' },
      });
      expect(former.body['data']).toEqual([]);
    });
    await eventually(async () => {
      const path = 'finance/daily-totals?from=2026-01-03&to=2026-01-03';
      const totals = await api.get(path, { key });
      expect(totals.body['data']).toMatchObject([{ transactions: 1, claimed_amount: 7 }]);
    });
  });

  it('reserves the new key too: it answers for the corrected claim', async () => {
    const { id, body } = await submitted();
    const reference = '299999901';
    await act(id, 'correct', { body: { reference }, version: 0 });

    const same = await api.post('transactions', { key, body: { ...body, reference } });
    const other = await api.post('transactions', { key, body: { ...body, reference, amount: 1 } });
    const third = await submitted();
    const taken = await act(third.id, 'correct', { body: { reference }, version: 0 });

    expect(same).toMatchObject({
      status: 200,
      headers: { 'idempotency-replayed': 'true' },
      body: { id, reference },
    });
    expect(other.body).toMatchObject({ code: 'duplicate_reference', transaction_id: id });
    expect(taken.body).toMatchObject({ code: 'duplicate_reference', transaction_id: id });
    // The key that it was submitted under stays its own.
    expect((await api.post('transactions', { key, body })).body['id']).toBe(id);
  });

  it('leaves the key to the next claim once the corrected one is given up', async () => {
    const { id, body } = await submitted();
    const reference = '299999902';
    await act(id, 'correct', { body: { reference }, version: 0 });
    await act(id, 'cancel');

    const next = await api.post('transactions', { key, body: { ...body, reference } });

    expect(next).toMatchObject({ status: 202, body: { status: 'pending', reference } });
    expect(next.body['id']).not.toBe(id);
  });

  it('refuses the key of another claim, and one’s own again is none', async () => {
    const [one, other] = [await submitted(), await submitted()];

    const taken = await act(one.id, 'correct', {
      body: { reference: other.body.reference },
      version: 0,
    });
    const nothing = await act(one.id, 'correct', {
      body: { reference: one.body.reference },
      version: 0,
    });

    expect(taken.body).toMatchObject({ code: 'duplicate_reference', transaction_id: other.id });
    expect(nothing).toMatchObject({ status: 200, body: { version: 0 } });
    expect(nothing.headers['idempotency-replayed']).toBe('true');
  });

  it('says what is wrong', async () => {
    const { id } = await submitted();
    const correct = (over: Act) => act(id, 'correct', { version: 0, ...over });

    expect(told(await correct({ body: { amount: 1 }, version: null }))).toEqual([
      428,
      'version_required',
    ]);
    expect(told(await correct({ body: { amount: 1 }, version: 7 }))).toEqual([412, 'newer_fact']);
    expect(told(await correct({ body: {} }))).toEqual([422, 'invalid_input']);
    expect(told(await correct({ body: { reason: 'only' } }))).toEqual([422, 'invalid_input']);
    expect(told(await correct({ body: { paid_on: '2999-01-01' } }))).toEqual([
      422,
      'invalid_input',
    ]);
    expect(told(await correct({ body: { reference: '12345' } }))).toEqual([
      422,
      'reference_too_short',
    ]);
    expect(told(await correct({ body: { payer: { phone: null } } }))).toEqual([
      422,
      'payer_incomplete',
    ]);
    const stranger = await api.aKey((await api.aMerchant()).merchantId, MERCHANTS);
    expect(told(await correct({ body: { amount: 1 }, as: stranger }))).toEqual([
      404,
      'transaction_not_found',
    ]);
  });
});

describe('having the bank asked now over HTTP', () => {
  it('takes the wish once a minute, and answers a repeat as such', async () => {
    const { id } = await submitted();

    const taken = await act(id, 'verify', { idempotencyKey: 'v-1' });
    const again = await act(id, 'verify', { idempotencyKey: 'v-1' });
    const soon = await act(id, 'verify');

    expect(taken).toMatchObject({
      status: 202,
      headers: { etag: '"0"' },
      body: { status: 'pending' },
    });
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([200, 'true']);
    expect(told(soon)).toEqual([409, 'requested_recently']);
    expect(Number(soon.headers['retry-after'])).toBe(soon.body['retry_after_seconds']);
  });
});

describe('reviewing over HTTP', () => {
  const two = [credit('100001'), credit('100002', { amountMinor: 12_001, bankOn: '2026-01-06' })];

  it('shows the candidates side by side with the claim', async () => {
    const { id } = await inReview(...two);

    await eventually(async () => {
      const listed = await api.get('transactions?status=needs_review', { key: staffKey });
      expect(listed.body['data']).toContainEqual(
        expect.objectContaining({
          id,
          status_reason: 'amount_differs',
          candidates: [
            expect.objectContaining({ amount: 11_000, amount_difference: -1_000, days_apart: 0 }),
            expect.objectContaining({ amount: 12_001, amount_difference: 1, days_apart: 1 }),
          ],
        }),
      );
    });
  });

  it('binds the movement that a person names, and tells who decided and why', async () => {
    const movement = credit('100003');
    const { id } = await inReview(movement);
    const body = { decision: 'verify', movement_key: movement.movementKey, reason: 'agreed' };

    const decided = await act(id, 'review', {
      as: staffKey,
      body,
      version: 1,
      idempotencyKey: 'r',
    });
    const again = await act(id, 'review', { as: staffKey, body, version: 1, idempotencyKey: 'r' });

    expect(decided).toMatchObject({
      status: 200,
      body: {
        status: 'verified',
        bank_amount: 11_000,
        amount_difference: -1_000,
        bank_on: PAID_ON,
      },
    });
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([200, 'true']);
    expect(again.body).toEqual(decided.body);
    const history = await api.get(`transactions/${id}/events`, { key: staffKey });
    expect((history.body['data'] as unknown[]).slice(-2)).toMatchObject([
      { event: 'binding.proposed', details: { reason: 'agreed' } },
      {
        event: 'transaction.verified',
        details: {
          reason: 'agreed',
          decided_by: expect.stringMatching(/^api_key:/) as unknown,
          movement_key: movement.movementKey,
        },
      },
    ]);
  });

  it('gives one movement to one transaction, whoever decides', async () => {
    const movement = credit('100004');
    const [first, second] = [await inReview(movement), await inReview(movement)];
    const body = { decision: 'verify', movement_key: movement.movementKey, reason: 'agreed' };

    await act(first.id, 'review', { as: staffKey, body, version: 1 });
    const refused = await act(second.id, 'review', {
      as: staffKey,
      body,
      version: 1,
      idempotencyKey: 'twice',
    });

    expect(told(refused)).toEqual([409, 'movement_already_bound']);
    expect((await shown(second.id)).body).toMatchObject({
      status: 'needs_review',
      status_reason: 'movement_already_bound',
    });
    const repeated = await act(second.id, 'review', {
      as: staffKey,
      body,
      version: 1,
      idempotencyKey: 'twice',
    });
    expect(told(repeated)).toEqual([409, 'movement_already_bound']);
  });

  it('refuses, or asks again, with the reason', async () => {
    const [refused, again] = [await inReview(...two), await inReview(...two)];
    const decide = (id: string, decision: string) =>
      act(id, 'review', {
        as: staffKey,
        body: { decision, reason: 'the receipt is forged' },
        version: 1,
      });

    expect((await decide(refused.id, 'reject')).body).toMatchObject({
      status: 'rejected',
      status_reason: 'refused_in_review',
    });
    expect((await decide(again.id, 'ask_again')).body).toMatchObject({ status: 'pending' });
  });

  it('answers 412 with the newer fact', async () => {
    const { id } = await inReview(...two);
    const body = { decision: 'reject', reason: 'late' };

    const answer = await act(id, 'review', { as: staffKey, body, version: 0 });

    expect(answer.body).toMatchObject({
      code: 'newer_fact',
      version: 1,
      transaction_status: 'needs_review',
    });
    expect(answer.status).toBe(412);
  });

  it.each([
    [{ decision: 'verify', reason: 'x' }, 'invalid_input'],
    [{ decision: 'reject' }, 'invalid_input'],
    [{ decision: 'verify', movement_key: 'f'.repeat(32), reason: 'x' }, 'movement_unknown'],
  ])('refuses %j', async (body, code) => {
    const { id } = await inReview(...two);

    expect(told(await act(id, 'review', { as: staffKey, body, version: 1 }))).toEqual([422, code]);
  });

  it('is for staff: a merchant’s key is refused, and no key is ever given the permission', async () => {
    const { id } = await inReview(...two);
    const body = { decision: 'reject', reason: 'mine' };

    const answers = [
      await act(id, 'review', { as: key, body, version: 1 }),
      await act(id, 'reverse', { as: key, body: { reason: 'mine' }, version: 1 }),
      await act(id, 'reopen', { as: key, body: { reason: 'mine' }, version: 1 }),
    ];

    expect(answers.map(told)).toEqual(answers.map(() => [403, 'not_permitted']));
    await expect(api.aKey(merchantId, ['transactions:review'])).rejects.toMatchObject({
      rejection: { code: 'permission_not_for_keys' },
    });
  });
});

describe('taking a verdict back over HTTP', () => {
  const verified = async (tail: string) => {
    const movement = credit(tail);
    const { id } = await inReview(movement);
    const body = { decision: 'verify', movement_key: movement.movementKey, reason: 'agreed' };
    const { body: resource } = await act(id, 'review', { as: staffKey, body, version: 1 });
    return { id, version: Number(resource['version']), movement };
  };

  it('reverses what the bank took back, and keeps the movement', async () => {
    const { id, version } = await verified('100011');

    const reversed = await act(id, 'reverse', {
      as: staffKey,
      body: { reason: 'the bank reversed it' },
      version,
    });

    expect(reversed.body).toMatchObject({ status: 'reversed', bank_amount: 11_000 });
    const reopened = await act(id, 'reopen', {
      as: staffKey,
      body: { reason: 'the reversal was another’s' },
      version: version + 1,
    });
    expect(reopened.body).toMatchObject({ status: 'needs_review', status_reason: 'reopened' });
    expect(told(await act(id, 'cancel'))).toEqual([409, 'movement_held']);
  });

  const suspected = async (tail: string) => {
    const { id, version, movement } = await verified(tail);
    const debit = credit(tail, { direction: 'debit', movementKey: 'd'.repeat(32) });
    await api.record(id, {
      step: 'flag_for_review',
      flag: { reason: 'reversal_suspected', candidates: [debit], note: null },
      because: anId(`sweep ${tail}`),
    });
    return { id, version: version + 1, movement };
  };

  it('says that a suspected reversal is one', async () => {
    const { id, version } = await suspected('100013');

    const reversed = await act(id, 'reverse', {
      as: staffKey,
      body: { reason: 'the statement shows it' },
      version,
    });

    expect(reversed.body).toMatchObject({ status: 'reversed', status_reason: null });
  });

  it('says that a suspected reversal is none: the same movement stays bound', async () => {
    const { id, version, movement } = await suspected('100014');
    const shownNow = await shown(id);
    expect(shownNow.body).toMatchObject({
      status_reason: 'reversal_suspected',
      bank_amount: 11_000,
    });
    const decide = (body: object) => act(id, 'review', { as: staffKey, body, version });

    expect(told(await decide({ decision: 'reject', reason: 'x' }))).toEqual([409, 'movement_held']);
    const kept = await decide({
      decision: 'verify',
      movement_key: movement.movementKey,
      reason: 'the debit is another customer’s',
    });
    expect(kept.body).toMatchObject({ status: 'verified', bank_amount: 11_000 });
  });

  it('never pays a claim with a debit, whoever decides', async () => {
    const { id, version } = await suspected('100015');

    const refused = await act(id, 'review', {
      as: staffKey,
      body: { decision: 'verify', movement_key: 'd'.repeat(32), reason: 'x' },
      version,
    });

    expect(told(refused)).toEqual([409, 'movement_held']);
    expect((await shown(id)).body).toMatchObject({ status: 'needs_review' });
  });

  it('reopens what was bound by mistake, and has nothing bound any more', async () => {
    const { id, version } = await verified('100012');

    const reopened = await act(id, 'reopen', {
      as: staffKey,
      body: { reason: 'the wrong customer' },
      version,
    });

    expect(reopened.body).toMatchObject({
      status: 'needs_review',
      status_reason: 'reopened',
      bank_amount: null,
    });
    expect((await act(id, 'cancel')).body).toMatchObject({ status: 'cancelled' });
  });
});

describe('deciding as a person', () => {
  /** Somebody with a role, signed in, whose temporary password is changed. */
  const signedIn = async (email: string, role: string, of: string | null = null) => {
    const admin = await api.aKey(null, ['admin']);
    const { body: made } = await api.post('users', {
      key: admin,
      body: { email, name: 'Somebody', role, merchant_id: of },
      headers: { 'idempotency-key': email },
    });
    const current = String(made['temporary_password']);
    const fresh = 'lluvia sobre el tejado';
    const login = async (password: string) =>
      String((await api.post('auth/login', { body: { email, password } })).body['access_token']);
    const first = await login(current);
    const passwords = { current_password: current, new_password: fresh };
    const headers = { 'idempotency-key': email };
    await api.post('auth/password', { key: first, body: passwords, headers });
    return { token: await login(fresh), userId: String(made['id']) };
  };
  const reject = { decision: 'reject', reason: 'the receipt is forged' };

  it('lets a manager decide, and names that person in the history', async () => {
    const { token, userId } = await signedIn('manager@example.com', 'manager');
    const { id } = await inReview(credit('100021'));

    const decided = await act(id, 'review', { as: token, body: reject, version: 1 });

    expect(decided).toMatchObject({ status: 200, body: { status: 'rejected' } });
    const history = await api.get(`transactions/${id}/events`, { key: token });
    expect((history.body['data'] as unknown[]).at(-1)).toMatchObject({
      event: 'transaction.rejected',
      actor: `user:${userId}`,
      details: { rejected_by: `user:${userId}`, note: 'the receipt is forged' },
    });
  });

  it('lets a merchant’s manager decide on its own claims, and nobody without the role', async () => {
    const { id } = await inReview(credit('100022'));
    const [own, cashier, other] = [
      await signedIn('own@example.com', 'manager', merchantId),
      await signedIn('cashier@example.com', 'cashier', merchantId),
      await signedIn('other@example.com', 'manager', (await api.aMerchant()).merchantId),
    ];
    const answerTo = async ({ token }: { token: string }) =>
      told(await act(id, 'review', { as: token, body: reject, version: 1 }));

    expect(await answerTo(cashier)).toEqual([403, 'not_permitted']);
    expect(await answerTo(other)).toEqual([404, 'transaction_not_found']);
    expect((await answerTo(own))[0]).toBe(200);
  });
});

describe('describing these routes', () => {
  it('documents each with its headers and an example of its body', async () => {
    const { body } = await api.get('/openapi.json');
    const paths = body['paths'] as Record<string, { post?: Record<string, unknown> }>;
    const schemas = JSON.stringify(body);

    for (const verb of ['correct', 'review', 'reverse', 'reopen']) {
      const operation = paths[`/api/v1/transactions/{id}/${verb}`]?.post;
      expect(JSON.stringify(operation)).toMatch(
        /"If-Match".*"Idempotency-Key"|"Idempotency-Key".*"If-Match"/,
      );
    }
    expect(paths['/api/v1/transactions/{id}/verify']?.post).toMatchObject({
      operationId: 'verifyTransaction',
    });
    expect(schemas).toContain('the customer mistyped a digit');
    expect(schemas).toContain('the receipt is forged');
  });
});
