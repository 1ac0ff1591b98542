import { createHmac, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { offline } from '../../src/access/acts/security-acts.port.js';
import { Sessions } from '../../src/access/sessions/sessions.js';
import { UserAdministration } from '../../src/access/users/user-administration.js';
import { RandomSource } from '../../src/kernel/ids.js';
import { DatabaseConnection } from '../../src/platform/database/database.js';
import { IdempotencyRecordStore } from '../../src/platform/http/idempotency/idempotency-records.store.js';
import { apiDocument } from '../../src/platform/http/openapi.js';
import { anId, aMovement } from '../support/a-transaction.js';
import { apiCaller, type Answered } from '../support/api-caller.js';
import { TransactionsApi } from '../support/transactions-api.js';

interface Prepared {
  readonly key?: string;
  readonly path: string;
  readonly body?: object;
  readonly version?: number;
}

interface Operation {
  readonly operationId: string;
  readonly 'x-idempotency-key'?: string;
}

const PASSWORD = 'lluvia sobre el tejado';
const OTHER_PASSWORD = 'otra lluvia de marzo';
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

let api: TransactionsApi;
let call: ReturnType<typeof apiCaller>;
let merchantId: string;
let accountId: string;
let key: string;
let staff: string;
let admin: string;
let listener: string;
let closer: string;
let numbers = 300_000_000;

beforeAll(async () => {
  api = await TransactionsApi.start({ REGISTRATION_OPEN: 'true' });
  call = apiCaller(api.running);
  ({ merchantId, accountId } = await api.aMerchant());
  key = await api.aKey(merchantId, ['transactions:write', 'transactions:read']);
  staff = await api.aKey(null, ['transactions:read', 'transactions:review']);
  admin = await api.aKey(null, ['admin', 'transactions:review']);
  listener = await api.aKey(null, ['webhooks:manage']);
  closer = await api.aKey(null, ['finance:close', 'finance:read']);
});

afterAll(() => api.stop());

const get = <T>(token: abstract new (...args: never[]) => T): T => api.running.app.get(token);
const next = (): string => String((numbers += 1));
const claimBody = () => ({
  external_id: 'order-1',
  kind: 'pago_movil',
  receiving_account_id: accountId,
  origin_bank: '0102',
  reference: next(),
  amount: 12_000,
  currency: 'VES',
  paid_on: '2026-01-05',
  payer: { phone: '0412-1234567' },
});
const aClaim = async (): Promise<string> =>
  String((await call('POST', 'transactions', { key, body: claimBody() })).body['id']);
const aCancelledClaim = async (): Promise<string> => {
  const id = await aClaim();
  await call('POST', `transactions/${id}/cancel`, { key });
  return id;
};
const credit = () =>
  aMovement({
    movementKey: anId(next()).replaceAll('-', ''),
    bankOn: '2026-01-05',
    reference: next().slice(-6),
    amountMinor: 11_000,
  });
const aClaimInReview = async (): Promise<string> => {
  const id = await aClaim();
  const flag = { reason: 'amount_differs', candidates: [credit()], note: null } as const;
  await api.record(id, { step: 'flag_for_review', flag, because: anId(`look ${id}`) });
  return id;
};
const aRejectedClaim = async (): Promise<string> => {
  const id = await aClaimInReview();
  await call('POST', `transactions/${id}/review`, {
    key: staff,
    body: { decision: 'reject', reason: 'a test' },
    headers: { 'if-match': '"1"' },
  });
  return id;
};
const aVerifiedClaim = async (): Promise<string> => {
  const id = await aClaim();
  const movement = credit();
  const flag = { reason: 'amount_differs', candidates: [movement], note: null } as const;
  await api.record(id, { step: 'flag_for_review', flag, because: anId(`look ${id}`) });
  await call('POST', `transactions/${id}/review`, {
    key: staff,
    body: { decision: 'verify', movement_key: movement.movementKey, reason: 'a test' },
    headers: { 'if-match': '"1"' },
  });
  return id;
};
const about = (id: string, verb: string, more: Partial<Prepared> = {}): Prepared => ({
  key,
  path: `transactions/${id}/${verb}`,
  ...more,
});

const aPerson = async (): Promise<{ readonly userId: string; readonly token: string }> => {
  const administration = get(UserAdministration);
  const acting = offline('process:test');
  const userId = get(RandomSource).uuid();
  const email = `${userId}@example.com`;
  await administration.register({ userId, email, name: 'Somebody', password: PASSWORD }, acting);
  const beginning = { userId, merchantId: null, userAgent: null };
  return { userId, token: (await get(Sessions).begin(beginning, acting)).accessToken };
};

/** What an authenticator app shows. */
function appCode(secret: string, at: number): string {
  const bits = Array.from(secret, (c) => ALPHABET.indexOf(c).toString(2).padStart(5, '0')).join('');
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeUInt32BE(Math.floor(at / 30_000), 4);
  const mac = createHmac('sha1', bytes).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
/** An endpoint of a merchant of its own, since each has but few. */
const anEndpoint = async (): Promise<string> => {
  const { merchantId: owner } = await api.aMerchant();
  const { body } = await call('POST', 'webhook-endpoints', {
    key: listener,
    body: { merchant_id: owner, url: 'https://shop.example/hooks' },
  });
  return String(body['id']);
};
const aboutAnEndpoint = (id: string, verb: string): Prepared => ({
  key: listener,
  path: `webhook-endpoints/${id}/${verb}`,
});
const ownAccount = async (verb: string, body?: object): Promise<Prepared> => {
  const { token } = await aPerson();
  return { key: token, path: `auth/${verb}`, ...(body === undefined ? {} : { body }) };
};
const aTotpToConfirm = async (): Promise<Prepared> => {
  const begun = await ownAccount('totp', { password: PASSWORD });
  const { body } = await call('POST', begun.path, begun);
  const code = appCode(String(body['secret']), Date.now());
  return { key: begun.key ?? '', path: 'auth/totp/confirm', body: { totp_code: code } };
};
/** A code of this half minute is good once more. */
const forgetSteps = (): Promise<unknown> =>
  get(DatabaseConnection)
    .kysely.updateTable('state.app_user')
    .set({ totp_last_step: 0n })
    .execute();
const aUserWithTotp = async (): Promise<string> => {
  const { userId } = await aPerson();
  const { users } = get(UserAdministration);
  await users.inTransaction((tx) =>
    users.change(tx, userId, {
      totp_box: Buffer.alloc(1),
      totp_confirmed: true,
    }),
  );
  return userId;
};
const aMerchantsKey = async (): Promise<string> => {
  const body = { name: 'till', mode: 'live', permissions: ['transactions:read'] };
  const made = await call('POST', `merchants/${merchantId}/api-keys`, { key: admin, body });
  return String(made.body['id']);
};
const byAdmin = (path: string, body?: object): Prepared => ({
  key: admin,
  path,
  ...(body === undefined ? {} : { body }),
});

/** A request to every changing POST that takes a key, ready to be carried out. A new route belongs here. */
const aboutTheBank = async (verb: string, body: object = {}): Promise<Prepared> => {
  const path = 'bank-credentials/banesco';
  const { body: shown } = await call('GET', path, { key: admin });
  const version = Number(shown['version']);
  return { ...byAdmin(`${path}/${verb}`, { ...body, reason: 'a test' }), version };
};

const PREPARED: Readonly<Record<string, () => Promise<Prepared>>> = {
  cancelTransaction: async () => about(await aClaim(), 'cancel', { body: { reason: 'a test' } }),
  correctTransaction: async () =>
    about(await aClaim(), 'correct', { body: { amount: 5 }, version: 0 }),
  verifyTransaction: async () => about(await aClaim(), 'verify'),
  reviewTransaction: async () =>
    about(await aClaimInReview(), 'review', {
      key: staff,
      body: { decision: 'reject', reason: 'a test' },
      version: 1,
    }),
  reverseTransaction: async () => {
    const id = await aVerifiedClaim();
    const { body } = await call('GET', `transactions/${id}`, { key });
    const version = Number(body['version']);
    return about(id, 'reverse', { key: staff, body: { reason: 'a test' }, version });
  },
  reopenTransaction: async () => {
    const id = await aRejectedClaim();
    return about(id, 'reopen', { key: staff, body: { reason: 'a test' }, version: 2 });
  },
  erasePersonalData: async () =>
    about(await aCancelledClaim(), 'erase-personal-data', {
      key: admin,
      body: { reason: 'a test' },
    }),
  createWebhookEndpoint: async () => ({
    key: listener,
    path: 'webhook-endpoints',
    body: {
      merchant_id: (await api.aMerchant()).merchantId,
      url: `https://shop.example/${next()}`,
    },
  }),
  rotateWebhookSecret: async () => aboutAnEndpoint(await anEndpoint(), 'rotate-secret'),
  testWebhookEndpoint: async () => aboutAnEndpoint(await anEndpoint(), 'test'),
  replayWebhookDelivery: async () => {
    const test = aboutAnEndpoint(await anEndpoint(), 'test');
    const { body } = await call('POST', test.path, test);
    return { key: listener, path: `webhook-deliveries/${String(body['id'])}/replay` };
  },
  replayWebhookDeliveries: async () => ({
    key: listener,
    path: 'webhook-deliveries/replay',
    body: { endpoint_id: await anEndpoint(), since: '2026-01-01T00:00:00Z' },
  }),
  registerMerchant: async () => byAdmin('merchants', { name: 'another merchant' }),
  addReceivingAccount: async () =>
    byAdmin(`merchants/${merchantId}/accounts`, {
      bank: '0134',
      account_number: `01340000${next().padStart(12, '0')}`,
      credential_id: 'banesco',
    }),
  issueApiKey: async () =>
    byAdmin(`merchants/${merchantId}/api-keys`, {
      name: 'till',
      mode: 'test',
      permissions: ['transactions:read'],
    }),
  rotateApiKey: async () =>
    byAdmin(`merchants/${merchantId}/api-keys/${await aMerchantsKey()}/rotate`, {}),
  revokeApiKey: async () =>
    byAdmin(`merchants/${merchantId}/api-keys/${await aMerchantsKey()}/revoke`),
  createUser: async () =>
    byAdmin('users', { email: `u${next()}@example.com`, name: 'Somebody', role: 'viewer' }),
  resetPassword: async () => byAdmin(`users/${(await aPerson()).userId}/reset-password`),
  resetTotp: async () => byAdmin(`users/${await aUserWithTotp()}/reset-totp`),
  endUserSessions: async () => byAdmin(`users/${(await aPerson()).userId}/end-sessions`),
  register: async () => ({
    path: 'auth/register',
    body: { email: `r${next()}@example.com`, name: 'Somebody', password: PASSWORD },
  }),
  signOut: () => ownAccount('logout'),
  signOutEverywhere: () => ownAccount('logout-everywhere'),
  changeMyPassword: () =>
    ownAccount('password', { current_password: PASSWORD, new_password: OTHER_PASSWORD }),
  beginTotp: () => ownAccount('totp', { password: PASSWORD }),
  confirmTotp: () => aTotpToConfirm(),
  makeRecoveryCodes: async () => {
    const confirming = await aTotpToConfirm();
    await call('POST', confirming.path, confirming);
    await forgetSteps();
    const body = { password: PASSWORD, ...confirming.body };
    return { ...confirming, path: 'auth/totp/recovery-codes', body };
  },
  endTotp: () => ownAccount('totp/end', { password: PASSWORD }),
  createBankCredential: async () =>
    byAdmin('bank-credentials', {
      id: `made${next()}`,
      bank: '0134',
      affiliate: 'J0000',
      client_id: 'made-up',
      client_secret: 'made-up',
      reason: 'a test',
    }),
  retireBankCredential: async () => {
    const id = `unused${next()}`;
    await sql`
      insert into state.created_credential (credential_id, bank, affiliate, created_at)
      values (${id}, '0134', 'J0000', now())`.execute(get(DatabaseConnection).kysely);
    return { ...byAdmin(`bank-credentials/${id}/retire`, { reason: 'a test' }), version: 0 };
  },
  pauseBankCredential: () => aboutTheBank('pause'),
  resumeBankCredential: () => aboutTheBank('resume'),
  removeBankSecret: () => aboutTheBank('secrets/remove'),
  submitBankSecret: async () => {
    await sql`truncate state.bank_credential_trial`.execute(get(DatabaseConnection).kysely);
    return aboutTheBank('secrets', { client_id: 'made-up', client_secret: 'made-up' });
  },
  closeDay: async () => {
    const account = await api.aMerchant();
    // Figures are read from rows that show the whole log.
    await api.followed();
    const body = { day: '2026-01-05', reason: 'a test', accept_incomplete: true };
    return {
      key: closer,
      path: 'finance/day-close',
      body: { receiving_account_id: account.accountId, ...body },
    };
  },
  submitTransaction: async () => ({ key, path: 'transactions', body: claimBody() }),
  submitTransactionsInBulk: async () => ({
    key,
    path: 'transactions/bulk',
    body: { transactions: [claimBody(), claimBody()] },
  }),
};

// They end what the caller proves itself by: the repeat is somebody unknown.
const ENDS_THE_CALLER = new Set(['signOut', 'signOutEverywhere']);
// Their content names itself, so that each claim tells a repeat, with or without a key.
const NAMED_BY_CONTENT = new Set(['submitTransaction', 'submitTransactionsInBulk']);
// Shown once.
const SECRETS: Readonly<Record<string, unknown>> = {
  key: null,
  temporary_password: null,
  recovery_codes: null,
  not_shown_because: 'shown_before',
};

const posts = (): readonly Operation[] => {
  const { paths } = apiDocument(api.running.app, 'http://127.0.0.1:8000');
  return Object.values(paths).flatMap(({ post }) =>
    post === undefined ? [] : [post as Operation],
  );
};

const send = (
  { key: as, path, body, version }: Prepared,
  idempotencyKey: string | undefined,
): Promise<Answered> =>
  call('POST', path, {
    key: as,
    ...(body === undefined ? {} : { body }),
    headers: {
      'idempotency-key': idempotencyKey,
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
    },
  });

const withoutSecrets = (body: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      const isShownOnce = typeof value === 'string' && value.startsWith('whsec_');
      return [name, isShownOnce ? null : name in SECRETS ? SECRETS[name] : value];
    }),
  );

const setLatestRecord = async (doneAt: 'null' | 'done_at', lease: string): Promise<void> => {
  const { kysely } = get(DatabaseConnection);
  await sql`
    update state.idempotency_record
    set done_at = ${sql.raw(doneAt)}, lease_until = clock_timestamp() + ${lease}::interval
    where scope = (
      select scope from state.idempotency_record order by created_at desc, scope limit 1
    )`.execute(kysely);
};

describe('naming every changing request by an Idempotency-Key', () => {
  it('prepares a request for every route that takes one, and for no other', () => {
    const taking = posts().filter((post) => post['x-idempotency-key'] !== 'none');
    expect(Object.keys(PREPARED).sort()).toEqual(taking.map((post) => post.operationId).sort());
    const without = posts().filter((post) => post['x-idempotency-key'] === 'none');
    expect(without.map(({ operationId }) => operationId).sort()).toEqual([
      'refreshSession',
      'signIn',
    ]);
  });

  describe.each(Object.entries(PREPARED))('at %s', (operation, prepare) => {
    const optional = NAMED_BY_CONTENT.has(operation);

    it(optional ? 'does without a key' : 'demands a key', async () => {
      const answer = await send(await prepare(), undefined);
      if (optional) {
        expect(answer.status).toBeLessThan(300);
        return;
      }
      expect(answer).toMatchObject({ status: 400, body: { code: 'idempotency_key_required' } });
      expect(answer.headers['link']).toContain('/problems/idempotency_key_required>; rel="help"');
    });

    it('answers a repeat with what stands now, and other content not at all', async () => {
      const prepared = await prepare();
      const name = randomUUID();
      const first = await send(prepared, name);
      const repeat = await send(prepared, name);
      const other = await send({ ...prepared, body: { ...prepared.body, other: 1 } }, name);

      expect(first.status).toBeLessThan(300);
      expect(first.headers['idempotency-replayed']).toBeUndefined();
      if (ENDS_THE_CALLER.has(operation)) {
        // For up to a second the session is still remembered.
        expect([204, 401]).toContain(repeat.status);
        return;
      }
      expect(repeat.status).toBe(first.status === 204 ? 204 : 200);
      expect(repeat.headers['idempotency-replayed']).toBe('true');
      if (operation !== 'submitTransactionsInBulk') {
        expect(repeat.body).toEqual(withoutSecrets(first.body));
      }
      expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    });

    it('asks to wait while the first request is running', async () => {
      if (ENDS_THE_CALLER.has(operation)) return;
      const prepared = await prepare();
      const name = randomUUID();
      await send(prepared, name);
      await setLatestRecord('null', '1 minute');
      const second = await send(prepared, name);

      expect(second).toMatchObject({
        status: 409,
        headers: { 'retry-after': '1' },
        body: { code: 'idempotent_request_running', retryable: true },
      });
    });

    it('does nothing twice after a crash before the request was noted', async () => {
      if (ENDS_THE_CALLER.has(operation)) return;
      const records = get(IdempotencyRecordStore);
      const prepared = await prepare();
      const name = randomUUID();
      // Dies after its work and before its note: an own property stands before the method of the class.
      records.finish = () => Promise.resolve();
      const first = await send(prepared, name).finally(() =>
        Reflect.deleteProperty(records, 'finish'),
      );
      // The lease of who died runs out; what was marked within its own transaction stays marked.
      await setLatestRecord('done_at', '-1 second');
      const repeat = await send(prepared, name);

      expect(repeat.status).toBe(first.status === 204 ? 204 : 200);
      if (operation === 'submitTransactionsInBulk') {
        expect(repeat.body).toMatchObject({ accepted: 0, replayed: 2 });
        return;
      }
      expect(repeat.headers['idempotency-replayed']).toBe('true');
      expect(repeat.body).toEqual(withoutSecrets(first.body));
    });
  });
});

describe('running the same request many times at once', () => {
  it('carries one out, and the others wait or hear what came of it', async () => {
    const prepared = byAdmin('merchants', { name: `merchant ${next()}` });
    const name = randomUUID();
    const answers = await Promise.all(Array.from({ length: 12 }, () => send(prepared, name)));
    const made = answers.filter(({ status }) => status === 201);
    expect(made).toHaveLength(1);
    for (const { status } of answers) expect([200, 201, 409]).toContain(status);
    expect((await send(prepared, name)).body).toEqual(made[0]?.body);
  });
});

describe('remembering requests', () => {
  it('lets a key be used again after a refusal, with other content too', async () => {
    const name = randomUUID();
    expect(await send(byAdmin('merchants', { name: '' }), name)).toMatchObject({ status: 422 });
    expect(await send(byAdmin('merchants', { name: 'right' }), name)).toMatchObject({
      status: 201,
    });
  });

  it('keeps what is noted over a change of the resource', async () => {
    const name = randomUUID();
    const made = await send(byAdmin('merchants', { name: 'before' }), name);
    const path = `merchants/${String(made.body['id'])}`;
    const headers = { 'if-match': '"1"' };
    await call('PATCH', path, { key: admin, body: { name: 'after' }, headers });
    const repeat = await send(byAdmin('merchants', { name: 'before' }), name);
    expect(repeat).toMatchObject({ status: 200, body: { name: 'after', version: 2 } });
  });

  it('tells the callers of two merchants apart, and the modes of one', async () => {
    const name = randomUUID();
    const other = await api.aMerchant();
    const keys = [
      key,
      await api.aKey(merchantId, ['transactions:write'], 'test'),
      await api.aKey(other.merchantId, ['transactions:write']),
    ];
    const bodies = [accountId, accountId, other.accountId].map((id) => ({
      ...claimBody(),
      receiving_account_id: id,
    }));
    for (const [at, as] of keys.entries()) {
      const body = bodies[at] ?? {};
      expect(await send({ key: as, path: 'transactions', body }, name)).toMatchObject({
        status: 202,
      });
    }
  });

  it('forgets what is older than promised, and only that', async () => {
    const records = get(IdempotencyRecordStore);
    const { kysely } = get(DatabaseConnection);
    await send(byAdmin('merchants', { name: 'old' }), randomUUID());
    await sql`
      update state.idempotency_record set created_at = now() - interval '25 hours'
      where scope = (select scope from state.idempotency_record order by created_at desc limit 1)
    `.execute(kysely);
    expect(await records.forgetOlderThan(24, 1_000)).toBe(1);
    expect(await records.forgetOlderThan(24, 1_000)).toBe(0);
  });
});
