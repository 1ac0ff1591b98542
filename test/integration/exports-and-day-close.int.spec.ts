import { createHash } from 'node:crypto';
import { movementBound } from '../../src/verification/bind-movement/movement-bound.event.js';
import { movementObserved } from '../../src/verification/bind-movement/movement-observed.event.js';
import { sweepAnswered } from '../../src/verification/record-sweep/sweep-answered.event.js';
import { sweepStream } from '../../src/verification/domain/sweeps.js';
import { aMovement, anId } from '../support/a-transaction.js';
import { eventually } from '../support/eventually.js';
import { recordedIn } from '../support/recorded.js';
import { TransactionsApi, type Answer } from '../support/transactions-api.js';

const DAY = '2026-01-05';
const AMOUNT = 12_050;
const FORMULA = '=HYPERLINK("http://example.com","a, b")';

let api: TransactionsApi;
let mine: { readonly merchantId: string; readonly accountId: string };
let theirs: { readonly merchantId: string; readonly accountId: string };
let key: string;
let foreign: string;
let staff: string;
let references = 510_000_000;

beforeAll(async () => {
  api = await TransactionsApi.start();
  mine = await api.aMerchant('01340000000000000081');
  theirs = await api.aMerchant();
  key = await api.aKey(mine.merchantId, ['transactions:write', 'finance:read']);
  foreign = await api.aKey(theirs.merchantId, ['transactions:write', 'finance:read']);
  staff = await api.aKey(null, ['finance:read', 'finance:close', 'admin']);
  await submit(key, mine.accountId, { external_id: FORMULA });
  await submit(key, mine.accountId, { external_id: 'order-2' });
  await submit(foreign, theirs.accountId, { external_id: 'order-3' });
});

afterAll(() => api.stop());

const submit = async (by: string, account: string, over: object = {}): Promise<string> => {
  references += 1;
  const { status, body } = await api.post('transactions', {
    key: by,
    body: {
      external_id: 'order',
      kind: 'pago_movil',
      receiving_account_id: account,
      origin_bank: '0102',
      reference: String(references),
      amount: AMOUNT,
      currency: 'VES',
      paid_on: DAY,
      payer: { phone: '0412-1234567', document: 'V-12345678', name: 'Ana Pérez' },
      ...over,
    },
  });
  expect(status).toBe(202);
  return String(body['id']);
};

interface File {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

interface Asked {
  readonly by?: string;
  readonly method?: 'GET' | 'HEAD';
  readonly accept?: string;
}

/** Read models that are still on their way are waited for; how long is no fact of these tests. */
const whenReached = <T extends { readonly status: number; readonly text: string }>(
  ask: () => Promise<T>,
): Promise<T> =>
  eventually(async () => {
    const answer = await ask();
    expect(answer.status === 409 && answer.text.includes('as_of_not_reached')).toBe(false);
    return answer;
  });

const download = (
  query: string,
  { by = key, method = 'GET', accept = '*/*' }: Asked = {},
): Promise<File> =>
  whenReached(async () => {
    const answer = await api.running.app.inject({
      method,
      url: `/api/v1/finance/exports/transactions?${query}`,
      headers: { authorization: `Bearer ${by}`, accept },
    });
    return { status: answer.statusCode, headers: answer.headers, text: answer.body };
  });

/** The same for answers that are read. */
const reached = (ask: () => Promise<Answer>): Promise<Answer> =>
  whenReached(async () => {
    const answer = await ask();
    return { ...answer, text: JSON.stringify(answer.body) };
  });

const ofJanuary = 'from=2026-01-01&to=2026-01-31';
const linesOf = ({ text }: File): string[] => text.split(/\r?\n/).slice(0, -1);
const objectsOf = (file: File) =>
  linesOf(file).map((line) => JSON.parse(line) as Record<string, unknown>);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('exporting transactions', () => {
  it('writes a line for each under stable names, masked, and a last one that sums them up', async () => {
    const file = await download(ofJanuary);

    expect([
      file.status,
      file.headers['content-type'],
      file.headers['content-disposition'],
    ]).toEqual([
      200,
      'text/csv; charset=utf-8; header=present',
      'attachment; filename="transactions-2026-01-01-to-2026-01-31.csv"',
    ]);
    const [head = '', ...lines] = linesOf(file);
    expect(head).toBe(
      'record,transaction_id,merchant_id,external_id,kind,type,receiving_account_id,bank,origin_bank,' +
        'reference,status,status_reason,duplicate_of,day,paid_on,bank_on,verified_at,late,currency,' +
        'claimed_amount_minor,claimed_amount,bank_amount_minor,bank_amount,amount_difference_minor,' +
        'amount_difference,payer_phone,payer_document,payer_name,decided_by,decided_at,' +
        'decision_reason,submitted_at,rows,sha256,position,report_version',
    );
    const end = lines.pop() ?? '';
    expect(lines).toHaveLength(2);
    expect(lines.join()).toContain(`"'=HYPERLINK(""http://example.com"",""a, b"")"`);
    expect(lines.join()).toContain(',VES,12050,120.50,,,,,');
    expect(file.text).not.toMatch(/1234567|12345678|Ana|Pérez/);
    const before = file.text.slice(0, file.text.lastIndexOf('end,'));
    expect(end).toMatch(new RegExp(`^end,{32}2,${sha256(before)},p[0-9a-z]+,1$`));
  });

  it('writes the same as JSON Lines, text as it was typed', async () => {
    const file = await download(ofJanuary, { accept: 'application/jsonl' });
    const named = await download(`${ofJanuary}&format=jsonl`, { accept: 'text/csv' });

    const [end, ...rows] = objectsOf(file).reverse();
    expect(file.headers['content-type']).toBe('application/jsonl; charset=utf-8');
    const names = new Set(rows.map((row) => row['external_id']));
    expect(names).toEqual(new Set([FORMULA, 'order-2']));
    expect(rows[0]).toMatchObject({
      record: 'transaction',
      claimed_amount_minor: AMOUNT,
      claimed_amount: '120.50',
      bank_amount_minor: null,
      bank_amount: null,
      late: null,
    });
    const before = file.text.slice(0, file.text.lastIndexOf('{"record":"end"'));
    expect(end).toEqual({
      record: 'end',
      rows: 2,
      sha256: sha256(before),
      position: expect.stringMatching(/^p/),
      report_version: 1,
    });
    expect(linesOf(named).slice(0, 2)).toEqual(linesOf(file).slice(0, 2));
  });

  it('gives the same bytes for the same place in the log, whatever came later', async () => {
    const own = `${ofJanuary}&format=jsonl&merchant_id=${mine.merchantId}`;
    const then = await download(own);
    const position = String(objectsOf(then).at(-1)?.['position']);
    const id = String(objectsOf(then)[0]?.['transaction_id']);
    await api.post(`transactions/${id}/cancel`, {
      key,
      headers: { 'idempotency-key': id },
      body: { reason: '-the customer came back' },
    });

    const again = await download(`${own}&as_of=${position}`);
    expect(again.text).toBe(then.text);
    const now = await download(ofJanuary);
    expect(now.text).toMatch(/,cancelled,.*,api_key:.*,'-the customer came back,/);
  });

  it('narrows by what is named, and shows staff everybody', async () => {
    const all = objectsOf(await download(`${ofJanuary}&format=jsonl`, { by: staff }));
    const some = objectsOf(
      await download(
        `${ofJanuary}&format=jsonl&status=pending&receiving_account_id=${theirs.accountId}`,
        { by: staff },
      ),
    );

    expect([all.length, some.length]).toEqual([4, 2]);
    expect(some[0]).toMatchObject({ external_id: 'order-3', merchant_id: theirs.merchantId });
  });

  it.each([
    ['from=2026-01-31&to=2026-01-01', '/to'],
    ['from=2020-01-01&to=2026-01-01', '/to'],
    ['from=2026-01-01&to=2026-02-30', '/to'],
    [`${ofJanuary}&as_of=yesterday`, '/as_of'],
    [`${ofJanuary}&format=xlsx`, '/format'],
    [`${ofJanuary}&colour=red`, '/colour'],
  ])('refuses %s and names %s', async (query, pointer) => {
    const { status, text } = await download(query);

    expect([status, JSON.parse(text)]).toEqual([
      422,
      expect.objectContaining({ errors: [expect.objectContaining({ in: 'query', pointer })] }),
    ]);
  });

  it('shows no merchant another one, and a test key nothing', async () => {
    const test = await api.aKey(mine.merchantId, ['finance:read'], 'test');
    const asked = `${ofJanuary}&merchant_id=${theirs.merchantId}`;

    expect((await download(asked)).status).toBe(404);
    expect((await download(ofJanuary, { by: test })).status).toBe(403);
  });

  it('is an act in the audit; who asks for the headers alone gets those', async () => {
    const head = await download(`${ofJanuary}&status=expired`, { method: 'HEAD' });
    expect([head.status, head.text]).toEqual([200, '']);
    await eventually(async () => {
      const { body } = await api.get('audit?act=transactions.exported', { key: staff });
      const acts = (body['data'] ?? []) as readonly Record<string, unknown>[];
      expect(acts.find(({ particulars }) => 'status' in (particulars as object))).toMatchObject({
        actor: expect.stringMatching(/^api_key:/),
        subject: `merchant:${mine.merchantId}`,
        merchant_id: mine.merchantId,
        result: 'done',
        particulars: { from: '2026-01-01', to: '2026-01-31', format: 'csv', status: 'expired' },
      });
    });
  });
});

describe('closing a day', () => {
  let accountId: string;
  let path: string;

  beforeAll(() => {
    ({ accountId } = mine);
    path = `finance/day-close/${accountId}/${DAY}`;
  });

  const close = (over: object = {}, headers: Record<string, string> = {}, by = staff) => {
    references += 1;
    const named = { 'idempotency-key': `close-${references}`, ...headers };
    const body = { receiving_account_id: accountId, day: DAY, reason: 'month end', ...over };
    return reached(() => api.post('finance/day-close', { key: by, headers: named, body }));
  };
  const standing = (by = key): Promise<Answer> => reached(() => api.get(path, { key: by }));
  const raw = async (address: string): Promise<string> => {
    const headers = { authorization: `Bearer ${key}` };
    const { body } = await api.running.app.inject({ url: `/api/v1/${address}`, headers });
    return body;
  };

  /** A credit that a listing of the account showed, and that one of its transactions holds where it is named. */
  const credited = async (name: string, amountMinor: number, transactionId?: string) => {
    const key = (part: string) => anId(`${name} ${part}`).replaceAll('-', '');
    const slot = `0134.sandbox.credit.20260105.${name}`;
    const movement = aMovement({
      movementKey: key('payment'),
      account: '01340000000000000081',
      bankOn: DAY,
      reference: `000000${name}`,
      amountMinor,
    });
    const seen = { slot, movement, askId: anId('listing'), observedAt: '2026-01-06T14:00:00.000Z' };
    const bound = {
      slot,
      movementKey: movement.movementKey,
      merchantId: mine.merchantId,
      externalId: 'order',
      proposalId: anId(name),
      boundAt: seen.observedAt,
    };
    // Three in a thousand beside it, which is nobody's money.
    const commission = {
      ...movement,
      movementKey: key('commission'),
      amountMinor: Math.ceil((amountMinor * 3) / 1_000),
    };
    const events = [
      movementObserved(seen),
      movementObserved({ ...seen, movement: commission }),
      ...(transactionId === undefined ? [] : [movementBound({ ...bound, transactionId })]),
    ];
    await recordedIn(api.store, `movement-${slot}`, events, accountId);
  };

  const listed = (answeredAt: string) =>
    recordedIn(api.store, sweepStream(accountId, new Date(answeredAt)), [
      sweepAnswered({
        sweepId: anId(answeredAt),
        receivingAccountId: accountId,
        from: DAY,
        to: DAY,
        outcome: 'found',
        bankCode: '200',
        httpStatus: 200,
        durationMs: 100,
        answerHash: null,
        permitIds: [],
        movements: 1,
        retryAfterMs: null,
        answeredAt,
      }),
    ]);

  it('shows an open day, of which the bank has listed nothing', async () => {
    const { status, headers, body } = await standing();

    expect([status, headers['etag']]).toEqual([200, '"0"']);
    expect(body).toMatchObject({
      version: 0,
      close: null,
      difference: null,
      now: {
        coverage: 'none',
        figures: [
          {
            currency: 'VES',
            credits_at_bank: null,
            claimed: { count: 0, amount: 0 },
            unclaimed: null,
            claimed_but_absent: { count: 1, amount: AMOUNT },
            open_claims: { count: 1, amount: AMOUNT },
          },
        ],
      },
    });
  });

  it('refuses a day that goes on, an account of nobody, and less than a complete listing', async () => {
    expect(await close({ day: '2099-01-01', accept_incomplete: true })).toMatchObject({
      status: 409,
      body: { code: 'day_not_over', errors: [{ pointer: '/day' }] },
    });
    expect(await close({ receiving_account_id: anId('nobody') })).toMatchObject({
      status: 422,
      body: { code: 'receiving_account_unknown' },
    });
    expect(await close()).toMatchObject({
      status: 409,
      body: { code: 'coverage_incomplete', coverage: 'none' },
    });
    expect(await close({ reason: ' ' })).toMatchObject({ status: 422 });
    expect((await standing()).body).toMatchObject({ version: 0 });
  });

  it('closes on what is known when told to, once for each request', async () => {
    const named = { 'idempotency-key': 'the-first-close' };
    const made = await close({ accept_incomplete: true }, named);
    const again = await close({ accept_incomplete: true }, named);

    expect([made.status, made.headers['etag'], made.headers['location']]).toEqual([
      201,
      '"1"',
      `/api/v1/${path}/1`,
    ]);
    expect(made.body).toMatchObject({
      version: 1,
      coverage: 'none',
      accepted_incomplete: true,
      closed_by: expect.stringMatching(/^api_key:/),
      reason: 'month end',
    });
    expect([again.status, again.headers['idempotency-replayed'], again.body]).toEqual([
      200,
      'true',
      made.body,
    ]);
    expect(JSON.parse(await raw(`${path}/1`))).toEqual(made.body);
  });

  it('keeps the close when facts come late, shows how far they are apart, and takes a correction', async () => {
    const first = await raw(`${path}/1`);
    const { body: before } = await standing();
    expect(before).toMatchObject({ version: 1, difference: [] });
    await credited('111111', 12_050, anId('holder'));
    await credited('222222', 700);
    await listed('2026-01-06T14:00:00.000Z');

    const { headers, body } = await standing();
    expect(headers['etag']).toBe('"1"');
    expect(body).toMatchObject({
      close: JSON.parse(first) as object,
      now: { coverage: 'complete' },
      difference: [
        {
          currency: 'VES',
          credits_at_bank: null,
          claimed: { count: 1, amount: 12_050 },
          unclaimed: null,
          claimed_but_absent: { count: 0, amount: 0 },
        },
      ],
    });

    expect(await close()).toMatchObject({
      status: 409,
      body: { code: 'day_already_closed', version: 1 },
    });
    expect(await close({}, { 'if-match': '"0"' })).toMatchObject({
      status: 412,
      body: { code: 'version_changed', version: 1 },
    });
    const corrected = await close({ reason: 'the bank listed it' }, { 'if-match': '"1"' });
    expect(corrected).toMatchObject({
      status: 201,
      headers: { etag: '"2"' },
      body: {
        version: 2,
        coverage: 'complete',
        figures: [
          {
            credits_at_bank: { count: 2, amount: 12_750 },
            claimed: { count: 1, amount: 12_050 },
            unclaimed: { count: 1, amount: 700 },
          },
        ],
      },
    });
    expect(await raw(`${path}/1`)).toBe(first);
    expect(JSON.parse(await raw(`${path}/2`))).toEqual(corrected.body);
    expect((await standing()).body).toMatchObject({ version: 2, difference: [] });
    expect((await api.get(`${path}/3`, { key })).status).toBe(404);
  });

  it('lists closes, the latest first, page by page', async () => {
    const listOf = async (query: string, by = key, token = '') => {
      const headers = token === '' ? {} : { 'position-token': token };
      const { body } = await api.get(`finance/day-close?${query}`, { key: by, headers });
      return body as { data: { version: number }[]; next_cursor: string | null };
    };
    const closed = await close({ reason: 'once more' }, { 'if-match': '"2"' });
    const token = String(closed.headers['position-token']);
    const first = await listOf('limit=2', key, token);
    const second = await listOf(`limit=2&cursor=${encodeURIComponent(String(first.next_cursor))}`);

    expect([first, second].map(({ data }) => data.map(({ version }) => version))).toEqual([
      [3, 2],
      [1],
    ]);
    expect(second.next_cursor).toBeNull();
    expect((await listOf(`day_from=2026-01-06`)).data).toEqual([]);
    expect((await listOf('limit=5', foreign)).data).toEqual([]);
    const filtered = await listOf(`receiving_account_id=${accountId}&day_to=${DAY}`, staff);
    expect(filtered.data).toHaveLength(3);
  });

  it('is for staff, and its figures for those who may see the account', async () => {
    expect(await standing(foreign)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await close({}, {}, key)).toMatchObject({ status: 403 });
    const elsewhere = await api.get(`finance/day-close?merchant_id=${mine.merchantId}`, {
      key: foreign,
    });
    expect(elsewhere.status).toBe(404);
  });
});
