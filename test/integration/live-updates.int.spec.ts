import { offline } from '../../src/access/acts/security-acts.port.js';
import { Sessions } from '../../src/access/sessions/sessions.js';
import { UserAdministration } from '../../src/access/users/user-administration.js';
import { StayingCallers } from '../../src/access/standing/staying-callers.port.js';
import { Clock } from '../../src/kernel/clock.js';
import { RandomSource } from '../../src/kernel/ids.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { apiCaller } from '../support/api-caller.js';
import { anId } from '../support/a-transaction.js';
import { eventually } from '../support/eventually.js';
import { SocketClient, StreamClient, type Heard } from '../support/live-clients.js';
import { TransactionsApi } from '../support/transactions-api.js';

let api: TransactionsApi;
let call: ReturnType<typeof apiCaller>;
let numbers = 700_000_000;
const opened: (StreamClient | SocketClient)[] = [];

type Merchant = Awaited<ReturnType<TransactionsApi['aMerchant']>> & { readonly key: string };

const aMerchant = async (): Promise<Merchant> => {
  const merchant = await api.aMerchant();
  const key = await api.aKey(merchant.merchantId, ['transactions:write', 'transactions:read']);
  return { ...merchant, key };
};

const submit = async ({ accountId, key }: Merchant): Promise<string> => {
  numbers += 1;
  const { status, body } = await call('POST', 'transactions', {
    key,
    body: {
      external_id: 'order-1',
      kind: 'pago_movil',
      receiving_account_id: accountId,
      origin_bank: '0102',
      reference: String(numbers),
      amount: 12_000,
      currency: 'VES',
      paid_on: '2026-01-05',
      payer: { phone: '0412-1234567' },
    },
  });
  if (status !== 202) throw new Error(`answered ${status}`);
  return String(body['id']);
};

const cancel = (id: string, key: string) => call('POST', `transactions/${id}/cancel`, { key });
const stream = async (
  key: string | undefined,
  options: Parameters<typeof StreamClient.open>[2] = {},
): Promise<StreamClient> => {
  const client = await StreamClient.open(api.running.url, key, options);
  opened.push(client);
  return client;
};
const socket = async (
  key: string | undefined,
  options: Parameters<typeof SocketClient.open>[2] = {},
): Promise<SocketClient> => {
  const client = await SocketClient.open(api.running.url, key, options);
  opened.push(client);
  return client;
};
const welcomed = async <Client extends StreamClient | SocketClient>(
  opening: Promise<Client>,
): Promise<Client> => {
  const client = await opening;
  await client.hears('welcome');
  return client;
};

/** Which transactions were told of, and what of them. */
const toldOf = (heard: readonly Heard[]): string[] =>
  heard.map(({ type, data }) => {
    const { transaction } = (data['transaction'] === undefined ? data['data'] : data) as {
      transaction: { id: string };
    };
    return `${transaction.id} ${type}`;
  });

beforeAll(async () => {
  api = await TransactionsApi.start({
    LIVE_CONNECTIONS_PER_CALLER: '3',
    LIVE_HEARTBEAT_SECONDS: '1',
    LIVE_BUFFER_KILOBYTES: '16',
    LIVE_LOOK_BACK_EVENTS: '40',
    CORS_ORIGINS: 'https://shop.example.com',
  });
  call = apiCaller(api.running);
});

afterEach(async () => {
  for (const client of opened.splice(0)) await client.leave();
});

afterAll(() => api.stop());

describe('following what happens', () => {
  it('tells both kinds of clients the same, with places in the log that lists wait for', async () => {
    const merchant = await aMerchant();
    const reading = await welcomed(stream(merchant.key));
    const listening = await welcomed(socket(merchant.key, { offered: true }));
    expect(reading.headers['content-type']).toBe('text/event-stream');
    expect(reading.headers['cache-control']).toBe('no-store, no-transform');
    expect(reading.headers['x-accel-buffering']).toBe('no');
    expect(listening.socket.protocol).toBe('constancia.v1');

    const id = await submit(merchant);
    await cancel(id, merchant.key);
    const told = await reading.hearsSoMany(2);
    await listening.hearsSoMany(2);

    expect(toldOf(told)).toEqual([`${id} transaction.submitted`, `${id} transaction.cancelled`]);
    expect(listening.told.map(({ id: position, type, data }) => [position, type, data])).toEqual(
      told.map(({ id: position, type, data }) => [position, type, data['data']]),
    );
    expect(told[1]?.data).toMatchObject({
      type: 'transaction.cancelled',
      data: {
        sequence: 2,
        transaction: { id, status: 'cancelled', payer: { phone: '*******67' } },
      },
    });
    const list = await call('GET', 'transactions', {
      key: merchant.key,
      headers: { 'position-token': reading.lastId },
    });
    expect(list.body).toMatchObject({ data: [{ id, status: 'cancelled' }] });
  });
});

describe('showing each caller what is its own', () => {
  it('tells a merchant of its own claims, a test key of test claims, staff of all', async () => {
    const [own, other] = [await aMerchant(), await aMerchant()];
    const testKey = await api.aKey(
      own.merchantId,
      ['transactions:write', 'transactions:read'],
      'test',
    );
    const staff = await api.aKey(null, ['transactions:read']);
    const [mine, foreign, testing, all] = [
      await welcomed(stream(own.key)),
      await welcomed(socket(other.key)),
      await welcomed(stream(testKey)),
      await welcomed(socket(staff)),
    ];
    const live = await submit(own);
    const tested = await submit({ ...own, key: testKey });
    const others = await submit(other);

    const submitted = (...ids: string[]) => ids.map((id) => `${id} transaction.submitted`);
    expect(toldOf(await all.hearsSoMany(3))).toEqual(submitted(live, tested, others));
    expect(toldOf(await mine.hearsSoMany(1))).toEqual(submitted(live));
    expect(toldOf(await testing.hearsSoMany(1))).toEqual(submitted(tested));
    expect(toldOf(await foreign.hearsSoMany(1))).toEqual(submitted(others));
  });

  it('leaves out what was not asked for, and what the caller did itself', async () => {
    const merchant = await aMerchant();
    const second = await api.aKey(merchant.merchantId, ['transactions:write', 'transactions:read']);
    const first = await submit(merchant);
    const cancelled = await welcomed(
      stream(merchant.key, { query: '?types=transaction.cancelled,transaction.expired' }),
    );
    const one = await welcomed(socket(merchant.key, { query: `?transaction_id=${first}` }));
    const others = await welcomed(socket(merchant.key, { query: '?exclude_own=true' }));
    const last = await submit({ ...merchant, key: second });
    await cancel(first, merchant.key);
    await cancel(last, second);

    const ended = (id: string): string => `${id} transaction.cancelled`;
    expect(toldOf(await cancelled.hearsSoMany(2))).toEqual([ended(first), ended(last)]);
    expect(toldOf(await others.hearsSoMany(2))).toEqual([
      `${last} transaction.submitted`,
      ended(last),
    ]);
    expect(toldOf(await one.hearsSoMany(1))).toEqual([ended(first)]);
  });

  it('lets nobody in who may not read claims', async () => {
    const { merchantId } = await aMerchant();
    const writer = await api.aKey(merchantId, ['transactions:write']);
    expect((await stream(writer)).status).toBe(403);
    expect((await stream(undefined)).status).toBe(401);
    expect(await (await socket(writer)).untilClosed()).toEqual({
      code: 4003,
      reason: 'not_permitted',
    });
  });
});

describe('resuming where a client was', () => {
  it('tells what was missed, then goes on, and nothing twice', async () => {
    const merchant = await aMerchant();
    const before = await welcomed(stream(merchant.key));
    const first = await submit(merchant);
    await before.hearsSoMany(1);
    await before.leave();
    const missed = await submit(merchant);
    await cancel(first, merchant.key);

    const headers = { 'last-event-id': before.lastId };
    const reading = await welcomed(stream(merchant.key, { headers }));
    const listening = await welcomed(
      socket(merchant.key, { query: `?last_event_id=${before.lastId}` }),
    );
    await reading.hearsSoMany(2);
    const next = await submit(merchant);
    const all = [
      `${missed} transaction.submitted`,
      `${first} transaction.cancelled`,
      `${next} transaction.submitted`,
    ];
    expect(toldOf(await reading.hearsSoMany(3))).toEqual(all);
    expect(toldOf(await listening.hearsSoMany(3))).toEqual(all);
    // Nothing was missed since: the next thing told is the next that happens.
    const current = await welcomed(
      stream(merchant.key, { headers: { 'last-event-id': reading.lastId } }),
    );
    const after = await submit(merchant);
    expect(toldOf(await current.hearsSoMany(1))).toEqual([`${after} transaction.submitted`]);
  });

  it('says that the lists must be read when too much was missed, and then goes on', async () => {
    const merchant = await aMerchant();
    const before = await welcomed(stream(merchant.key));
    await before.leave();
    for (let at = 0; at < 41; at += 1) await submit(merchant);

    const headers = { 'last-event-id': before.lastId };
    const late = await welcomed(stream(merchant.key, { headers }));
    const reset = await late.hears('reset');
    expect(reset.data).toEqual({ reason: 'too_long_ago' });
    expect(reset.id).not.toBe(before.lastId);
    const next = await submit(merchant);
    await eventually(() => toldOf(late.told).includes(`${next} transaction.submitted`));
  });

  it('says so too of a place that this log never had, and refuses what is no place', async () => {
    const { key } = await aMerchant();
    const lost = await welcomed(stream(key, { headers: { 'last-event-id': 'pzzzzzzzzzzz' } }));
    expect((await lost.hears('reset')).data).toEqual({ reason: 'unknown_position' });
    const wrong = await stream(key, { headers: { 'last-event-id': '17' } });
    expect(wrong.status).toBe(422);
    expect(await (await socket(key, { query: '?types=nothing' })).untilClosed()).toEqual({
      code: 4000,
      reason: 'invalid_input',
    });
  });

  it('misses nothing and tells nothing twice while the event store is away', async () => {
    const merchant = await aMerchant();
    const reading = await welcomed(stream(merchant.key));
    const listening = await welcomed(socket(merchant.key));
    const ids = [await submit(merchant)];
    await reading.hearsSoMany(1);
    await api.log.kill();
    const { key } = await aMerchant();
    await eventually(async () => {
      const other = await stream(key);
      await other.leave();
      return other.status === 503;
    });
    await api.log.restart();
    for (let at = 0; at < 3; at += 1) {
      ids.push(await eventually(() => submit(merchant), { everyMs: 100 }));
    }
    const expected = ids.map((id) => `${id} transaction.submitted`);
    expect(toldOf(await reading.hearsSoMany(4))).toEqual(expected);
    expect(toldOf(await listening.hearsSoMany(4))).toEqual(expected);
    expect(new Set(reading.told.map(({ id }) => id)).size).toBe(4);
    expect(reading.ended).toBe(false);
  });
});

describe('ending connections of those who may not stay', () => {
  const admin = () => api.aKey(null, ['admin']);

  it('ends both kinds when the key is revoked, and says why', async () => {
    const { merchantId } = await aMerchant();
    const by = await admin();
    const issued = await call<{ id: string; key: string }>(
      'POST',
      `merchants/${merchantId}/api-keys`,
      { key: by, body: { name: 'page', mode: 'live', permissions: ['transactions:read'] } },
    );
    const { id, key } = issued.body;
    const reading = await welcomed(stream(key));
    const listening = await welcomed(socket(key));
    await call('POST', `merchants/${merchantId}/api-keys/${id}/revoke`, { key: by, body: {} });

    await reading.untilEnded();
    expect(await listening.untilClosed()).toEqual({
      code: 4001,
      reason: 'no_longer_authenticated',
    });
    const goodbye = { reason: 'no_longer_authenticated', resume: false };
    expect((await reading.hears('goodbye')).data).toEqual(goodbye);
    expect((await listening.hears('goodbye')).data).toEqual(goodbye);
    expect(await (await socket(key)).untilClosed()).toMatchObject({ code: 4001 });
  });

  it('ends those of a merchant that is suspended, and lets it open none', async () => {
    const merchant = await aMerchant();
    const reading = await welcomed(stream(merchant.key));
    const suspended = await call('PATCH', `merchants/${merchant.merchantId}`, {
      key: await admin(),
      body: { suspended: true },
      headers: { 'if-match': '"1"' },
    });
    expect(suspended.status).toBe(200);
    expect((await reading.hears('goodbye')).data).toMatchObject({ reason: 'merchant_suspended' });
    const again = await stream(merchant.key);
    expect(again.status).toBe(403);
    expect(await (await socket(merchant.key)).untilClosed()).toMatchObject({ code: 4003 });
  });

  it('tells all pages of a person of a new role, and ends them with its session', async () => {
    const acting = offline('process:spec');
    const { app } = api.running;
    const userId = app.get(RandomSource).uuid();
    const people = app.get(UserAdministration);
    await people.create(
      { userId, email: `${userId}@example.com`, name: 'Ana', role: 'viewer', merchantId: null },
      acting,
    );
    const change = (values: { role?: 'manager'; must_change_password?: false }) =>
      people.users.inTransaction((tx) => people.users.change(tx, userId, values));
    await change({ must_change_password: false });
    const beginning = { userId, merchantId: null, userAgent: null };
    const { accessToken } = await app.get(Sessions).begin(beginning, acting);
    const pages = [
      await welcomed(stream(accessToken)),
      await welcomed(socket(accessToken, { offered: true })),
    ];
    await change({ role: 'manager' });
    for (const page of pages) {
      const { data } = await page.hears('permissions');
      expect(data['permissions']).toContain('transactions:review');
    }
    await call('POST', 'auth/logout', { key: accessToken, body: {} });
    for (const page of pages) {
      const { data } = await page.hears('goodbye');
      expect(data).toMatchObject({ reason: 'no_longer_authenticated' });
    }
  });

  it('knows a token that has run out', async () => {
    const { app } = api.running;
    const session = { userId: 'nobody', owes: null };
    const past = {
      actor: 'user:nobody',
      merchantId: null,
      mode: 'live' as const,
      permissions: new Set(['transactions:read']),
      session: {
        ...session,
        sessionId: anId('nobody'),
        tokenEndsAt: new Date(app.get(Clock).now().getTime() - 1),
      },
    };
    expect(await app.get(StayingCallers, { strict: false }).review([past])).toEqual(new Map());
  });
});

describe('keeping connections within bounds', () => {
  it('gives a caller so many connections and no more, streams and sockets together', async () => {
    const { key } = await aMerchant();
    const first = await welcomed(stream(key));
    await welcomed(stream(key));
    await welcomed(socket(key));
    const refused = await stream(key);
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBe('5');
    expect(await (await socket(key)).untilClosed()).toEqual({
      code: 4029,
      reason: 'too_many_live_connections',
    });
    const counted = await api.running.app.get(Metrics).liveRefused.get();
    expect(counted.values).toContainEqual({ labels: { reason: 'caller_full' }, value: 2 });
    expect(counted.values).toContainEqual({ labels: { reason: 'process_full' }, value: 0 });
    await first.leave();
    await eventually(async () => (await stream(key)).status === 200);
  });

  it('shows that it is alive, and cuts a socket that does not', async () => {
    const { key } = await aMerchant();
    const reading = await welcomed(stream(key));
    const silent = await welcomed(socket(key, { answersPings: false }));
    await eventually(() => reading.beats >= 2);
    expect(await silent.untilClosed()).toMatchObject({ code: 1001, reason: 'silent' });
  });

  it('counts who is connected, and logs nothing of them', async () => {
    await eventually(
      async () => {
        const { body } = await call('GET', '/metrics');
        const page = String(body['text']);
        expect(page).toMatch(/payments_live_connections\{kind="stream"\} 0/);
        expect(page).toMatch(/payments_live_connections\{kind="socket"\} 0/);
        expect(page).toMatch(
          /payments_live_connections_ended_total\{kind="socket",reason="silent"\} 1/,
        );
        expect(page).toMatch(/payments_live_messages_total\{kind="stream"\} [1-9]/);
        expect(page).toMatch(/payments_live_resumptions_total\{outcome="caught_up"\} [1-9]/);
      },
      { everyMs: 100 },
    );
    expect(api.lines.join('\n')).not.toMatch(/ck_(live|test)_|bearer\.|\beyJ/);
  });
});

describe('talking on a socket', () => {
  it('answers a ping, and follows a filter from then on', async () => {
    const merchant = await aMerchant();
    const listening = await welcomed(socket(merchant.key));
    listening.say({ type: 'ping' });
    await listening.hears('pong');
    listening.say({ type: 'filter', data: { types: ['transaction.cancelled'] } });
    expect((await listening.hears('filtered')).data).toEqual({
      types: ['transaction.cancelled'],
      transaction_id: null,
      exclude_own: false,
    });
    const id = await submit(merchant);
    await cancel(id, merchant.key);
    expect(toldOf(await listening.hearsSoMany(1))).toEqual([`${id} transaction.cancelled`]);
  });

  it.each([
    ['what is no message', 'nonsense', 4000, 'malformed_message'],
    ['a message of an unknown type', '{"type":"shout"}', 4000, 'malformed_message'],
    ['a message that is too large', `"${'x'.repeat(5_000)}"`, 1009, ''],
  ])('closes on %s', async (_, said, code, reason) => {
    const { key } = await aMerchant();
    const listening = await welcomed(socket(key));
    listening.say(said);
    expect(await listening.untilClosed()).toEqual({ code, reason });
  });

  it('closes on more messages than anybody needs', async () => {
    const { key } = await aMerchant();
    const listening = await welcomed(socket(key));
    for (let at = 0; at < 200; at += 1) listening.say({ type: 'ping' });
    expect(await listening.untilClosed()).toEqual({ code: 4029, reason: 'too_many_messages' });
  });

  it('takes pages of the origins that may call the API, and no others', async () => {
    const { key } = await aMerchant();
    await welcomed(socket(key, { origin: 'https://shop.example.com', offered: true }));
    const strange = await socket(key, { origin: 'https://elsewhere.example.com', offered: true });
    expect(strange.refused).toBe(403);
  });

  it('says 426 to a request that is no handshake, and 4001 to nobody known', async () => {
    const { key } = await aMerchant();
    expect((await call('GET', 'ws', { key })).status).toBe(426);
    const refusal = { code: 4001, reason: 'not_authenticated' };
    expect(await (await socket(undefined)).untilClosed()).toEqual(refusal);
    expect(await (await socket('ck_live_nonsense', { offered: true })).untilClosed()).toEqual(
      refusal,
    );
    // Also where other refusals are written down.
    await api.followed();
    const admin = await api.aKey(null, ['admin']);
    await eventually(
      async () => {
        const { body } = await call<{ data: { particulars: { route?: string } }[] }>(
          'GET',
          'audit?act=access.refused&limit=100',
          { key: admin },
        );
        expect(body.data.map(({ particulars }) => particulars.route)).toContain('GET /api/v1/ws');
      },
      { everyMs: 100 },
    );
  });
});

describe('stopping while clients are connected', () => {
  it('says goodbye to all of them and ends in time', async () => {
    const { key } = await aMerchant();
    const reading = await welcomed(stream(key));
    const listening = await welcomed(socket(key));
    await api.stop();
    const goodbye = { reason: 'stopping', resume: true };
    expect((await reading.hears('goodbye')).data).toEqual(goodbye);
    expect((await listening.hears('goodbye')).data).toEqual(goodbye);
    expect(await listening.untilClosed()).toEqual({ code: 1001, reason: 'stopping' });
    await reading.untilEnded();
  });
});
