import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { SystemClock } from '../../src/kernel/clock.js';
import { DatabaseConnection } from '../../src/platform/database/database.js';
import { JobRegistry } from '../../src/platform/jobs/job.js';
import { transactionStream } from '../../src/transactions/domain/transaction-id.js';
import { WebhookOutboxProjection } from '../../src/webhooks/deliveries/webhook-outbox.projection.js';
import { WebhookSender } from '../../src/webhooks/deliveries/webhook-sender.js';
import { WebhooksConfig } from '../../src/webhooks/webhooks.config.js';
import { apiCaller } from '../support/api-caller.js';
import { eventually } from '../support/eventually.js';
import { TransactionsApi } from '../support/transactions-api.js';
import { WebhookReceiver, type ReceivedWebhook } from '../support/webhook-receiver.js';

const PATIENCE = { everyMs: 25 };
const MERCHANT = ['transactions:write', 'transactions:read', 'webhooks:manage'] as const;

interface Endpoint {
  readonly id: string;
  readonly secret: string;
  readonly path: string;
}

interface Delivery {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly transaction_id: string | null;
  readonly attempts: number;
}

let api: TransactionsApi;
let receiver: WebhookReceiver;
let references = 600_000_000;

beforeAll(async () => {
  [api, receiver] = await Promise.all([
    TransactionsApi.start({
      ROLES: 'api,projector,notifier',
      WEBHOOK_PRIVATE_NETWORK: 'true',
      WEBHOOK_RETRY_SECONDS: '0,1,3600',
      WEBHOOK_TIMEOUT_MS: '1000',
      WEBHOOK_ENDPOINT_CONCURRENCY: '2',
    }),
    WebhookReceiver.start(),
  ]);
});

afterAll(async () => {
  await api.stop();
  await receiver.stop();
});

/** A merchant with a key, so that no test hears of another's claims. */
async function aMerchant(mode: 'live' | 'test' = 'live') {
  const { merchantId, accountId } = await api.aMerchant();
  const key = await api.aKey(merchantId, MERCHANT, mode);
  const call = apiCaller(api.running);
  return {
    key,
    merchantId,
    call: (method: Parameters<typeof call>[0], path: string, asked = {}) =>
      call(method, path, { key, ...asked }),
    endpoint: async (over: Record<string, unknown> = {}): Promise<Endpoint> => {
      const path = `/${randomUUID()}`;
      const body = { url: receiver.url(path), ...over };
      const made = await call<Endpoint>('POST', 'webhook-endpoints', { key, body });
      expect(made.status).toBe(201);
      return { id: made.body.id, secret: made.body.secret, path };
    },
    submit: async (): Promise<string> => {
      references += 1;
      const body = {
        external_id: 'order-1',
        kind: 'pago_movil',
        receiving_account_id: accountId,
        origin_bank: '0102',
        reference: String(references),
        amount: 12_050,
        currency: 'VES',
        paid_on: '2026-01-05',
        payer: { phone: '0412-1234567', document: 'V-12345678', name: 'Ana' },
      };
      const { status, body: claim } = await call('POST', 'transactions', { key, body });
      expect(status).toBe(202);
      return String(claim['id']);
    },
    cancel: (id: string) =>
      call('POST', `transactions/${id}/cancel`, { key, body: { reason: 'a test' } }),
    deliveries: async (endpoint: Endpoint): Promise<readonly Delivery[]> => {
      const path = `webhook-deliveries?endpoint_id=${endpoint.id}`;
      const { body } = await call<{ data: Delivery[] }>('GET', path, { key });
      return body.data.toReversed();
    },
  };
}

const typesTo = ({ path }: Endpoint): string[] =>
  receiver.callsTo(path).map(({ message }) => message.type);

const arrived = (endpoint: Endpoint, count: number): Promise<readonly ReceivedWebhook[]> =>
  eventually(() => {
    const calls = receiver.callsTo(endpoint.path);
    if (calls.length < count) throw new Error(`${calls.length} of ${count} calls came`);
    return calls;
  }, PATIENCE);

/** What a receiver with this secret believes to have been told. */
const verified = (secret: string, call: ReceivedWebhook | undefined): unknown => {
  if (call === undefined) throw new Error('nothing came');
  return new Webhook(secret).verify(call.body, call.headers);
};

const kysely = () => api.running.app.get(DatabaseConnection).kysely;

/** Lets everything that waits for an endpoint be due now, whatever the schedule says. */
const hurry = ({ id }: Endpoint) =>
  sql`update state.webhook_delivery set due_at = clock_timestamp()
    where endpoint_id = ${id} and status = 'pending'`.execute(kysely());

/** Waits until everything that the log holds was put out, and all of it has a status. */
async function settled(
  deliveries: () => Promise<readonly Delivery[]>,
  status: string,
): Promise<readonly Delivery[]> {
  await api.followed();
  return eventually(async () => {
    const all = await deliveries();
    if (all.length === 0 || all.some((each) => each.status !== status)) {
      throw new Error(`they are ${all.map((each) => each.status).join()}`);
    }
    return all;
  }, PATIENCE);
}

describe('delivering what happens to a transaction', () => {
  it('brings each message signed, numbered, and only to whom it concerns', async () => {
    const merchant = await aMerchant();
    const [all, some] = [
      await merchant.endpoint(),
      await merchant.endpoint({ event_types: ['transaction.cancelled'] }),
    ];
    const stranger = await (await aMerchant()).endpoint();
    const id = await merchant.submit();
    await merchant.cancel(id);

    const [first, second] = await arrived(all, 2);
    await arrived(some, 1);

    expect(typesTo(all)).toEqual(['transaction.submitted', 'transaction.cancelled']);
    expect(typesTo(some)).toEqual(['transaction.cancelled']);
    expect(receiver.callsTo(stranger.path)).toEqual([]);
    const verifier = new Webhook(all.secret);
    for (const { body, headers, message } of [first, second].filter((each) => each !== undefined)) {
      expect(verifier.verify(body, headers)).toEqual(message);
      expect(headers['webhook-id']).toBe(message.id);
      expect(headers['content-type']).toBe('application/json');
    }
    expect(first?.message.data).toMatchObject({ sequence: 1, previous_id: null });
    expect(second?.message.data).toMatchObject({
      sequence: 2,
      previous_id: first?.message.id,
      transaction: { id, status: 'cancelled', payer: { phone: '*******67' } },
    });
    expect(second?.body).not.toContain('1234567');
    await settled(() => merchant.deliveries(all), 'delivered');
  });

  it('tells test endpoints of test claims alone', async () => {
    const merchant = await aMerchant();
    const live = await merchant.endpoint();
    const testKey = await api.aKey(merchant.merchantId, MERCHANT, 'test');
    const call = apiCaller(api.running);
    const path = `/${randomUUID()}`;
    const made = await call('POST', 'webhook-endpoints', {
      key: testKey,
      body: { url: receiver.url(path) },
    });
    expect(made.body).toMatchObject({ mode: 'test' });
    await merchant.submit();
    await arrived(live, 1);
    await api.followed();

    const { body } = await call('GET', 'webhook-deliveries', { key: testKey });
    expect(body['data']).toEqual([]);
    expect(receiver.callsTo(path)).toEqual([]);
  });

  it('keeps the order of a transaction while the endpoint fails, and lets others pass', async () => {
    const merchant = await aMerchant();
    const endpoint = await merchant.endpoint();
    const id = await merchant.submit();
    await arrived(endpoint, 1);
    let failures = 0;
    receiver.behave(endpoint.path, ({ message }, response) => {
      const isFirst = JSON.stringify(message.data).includes(id) && failures < 2;
      if (isFirst) failures += 1;
      response.writeHead(isFirst ? 500 : 200).end('{}');
    });
    const corrected = await merchant.call('POST', `transactions/${id}/correct`, {
      headers: { 'if-match': '"0"' },
      body: { amount: 13_000 },
    });
    expect(corrected.status).toBe(200);
    await merchant.cancel(id);
    const other = await merchant.submit();

    await settled(() => merchant.deliveries(endpoint), 'delivered');

    const told = receiver
      .callsTo(endpoint.path)
      .filter(({ message }) => JSON.stringify(message.data).includes(id));
    expect(told.map(({ message }) => message.type)).toEqual([
      'transaction.submitted',
      'transaction.corrected',
      'transaction.corrected',
      'transaction.corrected',
      'transaction.cancelled',
    ]);
    // The same message in the same words, signed anew.
    expect(new Set(told.slice(1, 4).map(({ body }) => body)).size).toBe(1);
    const types = receiver
      .callsTo(endpoint.path)
      .map(({ message }) => JSON.stringify(message.data));
    expect(types.filter((text) => text.includes(other))).toHaveLength(1);
    const retried = (await merchant.deliveries(endpoint)).find(
      ({ type }) => type === 'transaction.corrected',
    );
    const { body } = await merchant.call('GET', `webhook-deliveries/${retried?.id ?? ''}`);
    expect(body).toMatchObject({
      attempts: 3,
      tries: [
        { number: 3, outcome: 'delivered', status: 200, error: null },
        { number: 2, outcome: 'refused', status: 500, error: null },
        { number: 1, outcome: 'refused', status: 500, error: null },
      ],
    });
  });

  it('is not held up by an endpoint that never answers', async () => {
    const merchant = await aMerchant();
    const [silent, quick] = [await merchant.endpoint(), await merchant.endpoint()];
    receiver.behave(silent.path, () => undefined);
    for (let claims = 0; claims < 5; claims += 1) await merchant.submit();

    await settled(() => merchant.deliveries(quick), 'delivered');
    const held = await eventually(async () => {
      const tried = (await merchant.deliveries(silent)).find(({ attempts }) => attempts > 0);
      if (tried === undefined) throw new Error('nothing was tried');
      return tried;
    }, PATIENCE);
    await eventually(async () => {
      const { body } = await merchant.call('GET', `webhook-deliveries/${held.id}`);
      expect(body['tries']).toContainEqual(
        expect.objectContaining({ outcome: 'timeout', status: null, error: 'TIMEOUT' }),
      );
    }, PATIENCE);
    await merchant.call('DELETE', `webhook-endpoints/${silent.id}`);
  });

  it('gives up after the last try, and replays what is asked for', async () => {
    const merchant = await aMerchant();
    const endpoint = await merchant.endpoint();
    receiver.behave(endpoint.path, (_, response) => {
      // Nothing is sent where a redirect leads.
      response.writeHead(307, { location: receiver.url('/elsewhere') }).end();
    });
    await merchant.submit();
    await arrived(endpoint, 3);
    await eventually(async () => {
      await hurry(endpoint);
      return (await merchant.deliveries(endpoint)).every(({ status }) => status === 'given_up');
    }, PATIENCE);
    expect(receiver.callsTo('/elsewhere')).toEqual([]);
    expect(receiver.callsTo(endpoint.path)).toHaveLength(4);

    receiver.behave(endpoint.path);
    const [lost] = await merchant.deliveries(endpoint);
    const replay = `webhook-deliveries/${lost?.id ?? ''}/replay`;
    const stranger = await aMerchant();
    expect((await stranger.call('POST', replay)).status).toBe(404);
    expect((await merchant.call('POST', replay)).status).toBe(202);
    await settled(() => merchant.deliveries(endpoint), 'delivered');

    const before = receiver.callsTo(endpoint.path).length;
    const range = { endpoint_id: endpoint.id, since: '2026-01-01T00:00:00Z' };
    const foreign = await stranger.call('POST', 'webhook-deliveries/replay', { body: range });
    expect(foreign.status).toBe(404);
    const headers = { 'idempotency-key': randomUUID() };
    const once = { body: range, headers };
    const again = await merchant.call('POST', 'webhook-deliveries/replay', once);
    expect(again).toMatchObject({ status: 202, body: { replayed: 1, next_after: null } });
    await arrived(endpoint, before + 1);
    const repeated = await merchant.call('POST', 'webhook-deliveries/replay', once);
    expect(repeated).toMatchObject({ status: 200, body: { replayed: 0, next_after: null } });
    const ids = new Set(receiver.callsTo(endpoint.path).map(({ message }) => message.id));
    expect(ids.size).toBe(1);
  });

  it('disables an endpoint that is gone, says so, and goes on when it is enabled again', async () => {
    const merchant = await aMerchant();
    const [gone, witness] = [
      await merchant.endpoint(),
      await merchant.endpoint({ event_types: ['webhook_endpoint.disabled'] }),
    ];
    receiver.behave(gone.path, (_, response) => void response.writeHead(410).end());
    const id = await merchant.submit();

    const [told] = await arrived(witness, 1);
    expect(told?.message).toMatchObject({
      type: 'webhook_endpoint.disabled',
      data: { endpoint_id: gone.id, reason: 'gone' },
    });
    const shown = await merchant.call('GET', `webhook-endpoints/${gone.id}`);
    expect(shown.body).toMatchObject({ state: 'disabled', disabled_because: 'gone', version: 2 });
    const operator = await api.aKey(null, ['admin']);
    await eventually(async () => {
      const path = `audit?subject=webhook_endpoint:${gone.id}&act=webhook_endpoint.disabled`;
      const { body } = await api.get(path, { key: operator });
      expect(body['data']).toEqual([
        expect.objectContaining({ actor: 'process:webhooks', merchant_id: merchant.merchantId }),
      ]);
    }, PATIENCE);
    await merchant.cancel(id);
    await api.followed();
    expect((await merchant.deliveries(gone)).map(({ status }) => status)).toEqual([
      'pending',
      'pending',
    ]);

    receiver.behave(gone.path);
    const stale = { headers: { 'if-match': '"1"' }, body: { enabled: true } };
    expect((await merchant.call('PATCH', `webhook-endpoints/${gone.id}`, stale)).status).toBe(412);
    const enabled = await merchant.call('PATCH', `webhook-endpoints/${gone.id}`, {
      headers: { 'if-match': '"2"' },
      body: { enabled: true },
    });
    expect(enabled.body).toMatchObject({ state: 'enabled', disabled_because: null });
    await settled(() => merchant.deliveries(gone), 'delivered');
    expect(typesTo(gone)).toEqual([
      'transaction.submitted',
      'transaction.submitted',
      'transaction.cancelled',
    ]);
  });

  it('leaves an endpoint in peace for as long as it asks', async () => {
    const merchant = await aMerchant();
    const endpoint = await merchant.endpoint();
    receiver.behave(endpoint.path, (_, response) => {
      response.writeHead(429, { 'retry-after': '600' }).end();
    });
    await merchant.submit();
    await arrived(endpoint, 1);
    await eventually(async () => {
      const { rows } = await sql<{ held: boolean }>`
        select held_until > clock_timestamp() + interval '300 seconds' as held
        from state.webhook_endpoint where endpoint_id = ${endpoint.id}`.execute(kysely());
      return rows[0]?.held === true;
    }, PATIENCE);
    await merchant.submit();
    await api.followed();
    // Whoever delivers has looked for work since: another endpoint's message, written later, has arrived.
    const other = await merchant.endpoint();
    await merchant.call('POST', `webhook-endpoints/${other.id}/test`);
    await arrived(other, 1);

    expect(receiver.callsTo(endpoint.path)).toHaveLength(1);
  });

  it('signs with both secrets while one is exchanged, and with the new one alone afterwards', async () => {
    const merchant = await aMerchant();
    const endpoint = await merchant.endpoint({ asymmetric: true });
    const rotated = await merchant.call('POST', `webhook-endpoints/${endpoint.id}/rotate-secret`);
    expect(rotated.status).toBe(201);
    expect(rotated.body['public_keys']).toHaveLength(2);
    const fresh = String(rotated.body['secret']);
    await merchant.call('POST', `webhook-endpoints/${endpoint.id}/test`);
    const [call] = await arrived(endpoint, 1);

    for (const secret of [endpoint.secret, fresh]) {
      expect(verified(secret, call)).toMatchObject({ type: 'webhook_endpoint.test' });
    }
    expect(call?.headers['webhook-signature']?.split(' ')).toHaveLength(4);
    await sql`update state.webhook_secret set expires_at = clock_timestamp()
      where endpoint_id = ${endpoint.id} and expires_at is not null`.execute(kysely());
    await merchant.call('POST', `webhook-endpoints/${endpoint.id}/test`);
    const [, later] = await arrived(endpoint, 2);
    expect(() => verified(endpoint.secret, later)).toThrow('No matching signature');
    expect(verified(fresh, later)).toEqual(later?.message);
  });

  it('shares the work between two processes, and sends nothing twice', async () => {
    const merchant = await aMerchant();
    const endpoint = await merchant.endpoint();
    const beside = await api.running.startBeside();
    await beside.listen(0, '127.0.0.1');
    try {
      const ids: string[] = [];
      for (let claims = 0; claims < 12; claims += 1) ids.push(await merchant.submit());
      await Promise.all(ids.map((id) => merchant.cancel(id)));
      await settled(() => merchant.deliveries(endpoint), 'delivered');
      await arrived(endpoint, 24);
    } finally {
      await beside.close();
    }
    const calls = receiver.callsTo(endpoint.path);
    expect(new Set(calls.map(({ message }) => message.id)).size).toBe(24);
    expect(calls).toHaveLength(24);
  });

  it('tells nothing twice, whatever is applied again, and not even what was forgotten since', async () => {
    const merchant = await aMerchant();
    const endpoint = await merchant.endpoint();
    const id = await merchant.submit();
    await merchant.cancel(id);
    await settled(() => merchant.deliveries(endpoint), 'delivered');
    await arrived(endpoint, 2);
    const events = await api.store.readStream(transactionStream(id));
    await sql`delete from state.webhook_delivery where endpoint_id = ${endpoint.id}`.execute(
      kysely(),
    );

    const outbox = api.running.app.get(WebhookOutboxProjection);
    await kysely()
      .transaction()
      .execute((tx) => outbox.apply(tx, events));
    // What a process that died before the checkpoint moved would have done, and a rebuild from the first event.
    for (const event of events) {
      await kysely()
        .transaction()
        .execute((tx) => outbox.apply(tx, [event]));
    }

    expect(await merchant.deliveries(endpoint)).toEqual([]);
  });

  it('keeps what waits for a paused endpoint for its days, and forgets what is old', async () => {
    const merchant = await aMerchant();
    const endpoint = await merchant.endpoint();
    await merchant.call('PATCH', `webhook-endpoints/${endpoint.id}`, {
      headers: { 'if-match': '"1"' },
      body: { enabled: false },
    });
    const test = await merchant.call('POST', `webhook-endpoints/${endpoint.id}/test`);
    expect(test).toMatchObject({ status: 409, body: { code: 'endpoint_not_enabled' } });
    await merchant.submit();
    await api.followed();
    const age = (days: number) =>
      sql`update state.webhook_delivery set due_at = due_at - make_interval(days => ${days}),
        created_at = created_at - make_interval(days => ${days})
        where endpoint_id = ${endpoint.id}`.execute(kysely());
    const job = api.running.app.get(JobRegistry).find('webhook-retention');
    const clean = () => job?.run(new AbortController().signal);
    const statuses = async () => (await merchant.deliveries(endpoint)).map(({ status }) => status);

    await age(6);
    await clean();
    expect(await statuses()).toEqual(['pending']);
    await age(2);
    await clean();
    expect(await statuses()).toEqual(['given_up']);
    await age(23);
    await clean();
    expect(await statuses()).toEqual([]);
    expect(receiver.callsTo(endpoint.path)).toEqual([]);
  });
});

describe('calling where a stranger says', () => {
  const sender = (privateNetwork: boolean) =>
    new WebhookSender(
      new WebhooksConfig({
        retrySeconds: [1],
        timeoutMs: 1_000,
        longestHoldSeconds: 60,
        disableAfterHours: 96,
        concurrency: 1,
        endpointConcurrency: 1,
        pausedKeptDays: 7,
        keptDays: 30,
        privateNetwork,
      }),
      new SystemClock(),
    );
  const letter = (url: string) => ({ url, messageId: 'msg_1', body: '{}', secrets: [] });
  const never = new AbortController().signal;

  it('reaches no address of our own network, by number or by name', async () => {
    const url = new URL(receiver.url('/forbidden'));
    const byName = `http://localhost:${url.port}/forbidden`;

    for (const address of [url.href, byName]) {
      expect(await sender(false).send(letter(address), never)).toMatchObject({
        outcome: 'forbidden_address',
        error: 'EADDRFORBIDDEN',
      });
    }
    expect(receiver.callsTo('/forbidden')).toEqual([]);
    expect(await sender(true).send(letter(url.href), never)).toMatchObject({
      outcome: 'delivered',
      status: 204,
    });
  });

  it('takes no more of an answer than it needs', async () => {
    const closed = new Promise<void>((done) => {
      receiver.behave('/talkative', (_, response) => {
        response.writeHead(200);
        response.on('close', done);
        const talk = (): void => {
          if (response.destroyed) return;
          response.write('x'.repeat(65_536), () => setImmediate(talk));
        };
        talk();
      });
    });

    const sent = await sender(true).send(letter(receiver.url('/talkative')), never);

    expect(sent).toMatchObject({ outcome: 'delivered', status: 200 });
    await closed;
  });
});
