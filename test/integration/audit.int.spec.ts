import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { BankSecrets } from '../../src/bank-gateway/credentials/bank-secrets.port.js';
import { GatewayClosures } from '../../src/bank-gateway/permits/gateway-closures.port.js';
import { Secret } from '../../src/platform/config/secret.js';
import { DatabaseConnection } from '../../src/platform/database/database.js';
import { apiCaller, type Asked } from '../support/api-caller.js';
import { TestApp } from '../support/app.js';
import { commandLine } from '../support/cli.js';
import { eventually } from '../support/eventually.js';
import { routesOf } from '../support/routes-of.js';

/**
 * What each changing route leaves in the audit. `own stream`: the events of the claim, or of the day, name actor, request and reason. A
 * route that is missing here fails the first test: decide what it leaves behind, and write it down.
 */
const ACTS: Readonly<Record<string, string>> = {
  'POST /api/v1/auth/login': 'session.started',
  'POST /api/v1/auth/refresh': 'access.refused',
  'POST /api/v1/auth/register': 'user.registered',
  'POST /api/v1/auth/logout': 'session.ended',
  'POST /api/v1/auth/logout-everywhere': 'sessions.ended',
  'DELETE /api/v1/auth/sessions/:sessionId': 'session.ended',
  'POST /api/v1/auth/password': 'user.password_changed',
  'POST /api/v1/auth/totp': 'begins what totp/confirm puts in use',
  'POST /api/v1/auth/totp/confirm': 'user.totp_changed',
  'POST /api/v1/auth/totp/end': 'user.totp_changed',
  'POST /api/v1/auth/totp/recovery-codes': 'user.recovery_codes_made',
  'POST /api/v1/users': 'user.created',
  'PATCH /api/v1/users/:userId': 'user.changed',
  'POST /api/v1/users/:userId/reset-password': 'user.password_reset',
  'POST /api/v1/users/:userId/reset-totp': 'user.totp_reset',
  'POST /api/v1/users/:userId/end-sessions': 'sessions.ended',
  'POST /api/v1/merchants': 'merchant.registered',
  'PATCH /api/v1/merchants/:merchantId': 'merchant.changed',
  'POST /api/v1/merchants/:merchantId/accounts': 'receiving_account.added',
  'PATCH /api/v1/merchants/:merchantId/accounts/:accountId': 'receiving_account.changed',
  'POST /api/v1/merchants/:merchantId/api-keys': 'api_key.issued',
  'POST /api/v1/merchants/:merchantId/api-keys/:apiKeyId/revoke': 'api_key.revoked',
  'POST /api/v1/merchants/:merchantId/api-keys/:apiKeyId/rotate': 'api_key.rotated',
  'POST /api/v1/bank-credentials': 'bank_credential.created',
  'POST /api/v1/bank-credentials/:credentialId/pause': 'bank_gateway.closed',
  'POST /api/v1/bank-credentials/:credentialId/resume': 'bank_gateway.reopened',
  'POST /api/v1/bank-credentials/:credentialId/retire': 'bank_credential.retired',
  'POST /api/v1/bank-credentials/:credentialId/secrets': 'bank_credential.submitted',
  'POST /api/v1/bank-credentials/:credentialId/secrets/remove': 'bank_credential.removed',
  'POST /api/v1/finance/day-close': 'own stream',
  'POST /api/v1/transactions': 'own stream',
  'POST /api/v1/transactions/bulk': 'own stream',
  'POST /api/v1/transactions/:id/cancel': 'own stream',
  'POST /api/v1/transactions/:id/correct': 'own stream',
  'POST /api/v1/transactions/:id/erase-personal-data': 'own stream',
  'POST /api/v1/transactions/:id/reopen': 'own stream',
  'POST /api/v1/transactions/:id/reverse': 'own stream',
  'POST /api/v1/transactions/:id/review': 'own stream',
  'POST /api/v1/transactions/:id/verify': 'own stream',
  'POST /api/v1/webhook-endpoints': 'webhook_endpoint.created',
  'PATCH /api/v1/webhook-endpoints/:endpointId': 'webhook_endpoint.changed',
  'DELETE /api/v1/webhook-endpoints/:endpointId': 'webhook_endpoint.deleted',
  'POST /api/v1/webhook-endpoints/:endpointId/rotate-secret': 'webhook_endpoint.secret_rotated',
  'POST /api/v1/webhook-endpoints/:endpointId/test': 'webhook_endpoint.tested',
  'POST /api/v1/webhook-deliveries/:deliveryId/replay': 'webhook_deliveries.replayed',
  'POST /api/v1/webhook-deliveries/replay': 'webhook_deliveries.replayed',
};

interface Entry {
  readonly act: string;
  readonly actor: string;
  readonly subject: string;
  readonly address: string | null;
  readonly request_id: string;
  readonly result: string;
  readonly reason: string | null;
  readonly particulars: Readonly<Record<string, unknown>>;
}

const PASSWORD = 'lluvia sobre el tejado';

describe('keeping an audit of who may do what', () => {
  let app: TestApp;
  let call: ReturnType<typeof apiCaller>;
  let admin: string;
  let folder: string;

  beforeAll(async () => {
    app = await TestApp.start({
      environment: { ROLES: 'api,projector', REGISTRATION_OPEN: 'true' },
    });
    call = apiCaller(app);
    admin = await app.issueKey(['admin', 'webhooks:manage']);
    folder = await mkdtemp(join(tmpdir(), 'audit-'));
  });

  afterAll(async () => {
    await app.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const audit = async (query: string): Promise<Entry[]> => {
    const { body } = await call<{ data: Entry[] }>('GET', `audit?limit=100&${query}`, {
      key: admin,
    });
    return body.data;
  };
  const post = <T = Record<string, unknown>>(path: string, body?: unknown, asked: Asked = {}) =>
    call<T>('POST', path, { key: admin, ...asked, ...(body === undefined ? {} : { body }) });

  it('has said of every changing route what it leaves in the audit', () => {
    const changing = routesOf(app.app).filter((route) => !/^(GET|HEAD) /.test(route));
    expect(changing.filter((route) => !(route in ACTS))).toEqual([]);
    expect(Object.keys(ACTS).filter((route) => !changing.includes(route))).toEqual([]);
  });

  it('names actor, address, request and result of each act', async () => {
    const merchant = { name: 'Panadería', tolerance: { under: 0, over: 0 }, match_days: 30 };
    const registered = await post<{ id: string }>('merchants', merchant);
    const { id } = registered.body;
    await call('PATCH', `merchants/${id}`, {
      key: admin,
      body: { name: 'Panadería del Este' },
      headers: { 'if-match': '"1"' },
    });
    const account = await post<{ id: string }>(`merchants/${id}/accounts`, {
      bank: '0134',
      account_number: '01340000000000000001',
      credential_id: 'banesco',
    });
    await call('PATCH', `merchants/${id}/accounts/${account.body.id}`, {
      key: admin,
      body: { receives_pago_movil: false, reason: 'a test' },
      headers: { 'if-match': '"1"' },
    });
    const keys = `merchants/${id}/api-keys`;
    const keyed = { name: 'backend', mode: 'live', permissions: ['transactions:read'] };
    const issued = await post<{ id: string }>(keys, keyed);
    const rotated = await post<{ id: string }>(`${keys}/${issued.body.id}/rotate`, {});
    await post(`${keys}/${rotated.body.id}/revoke`);

    const made = await post<{ id: string; temporary_password: string }>('users', {
      email: 'ana@example.com',
      name: 'Ana',
      role: 'viewer',
    });
    const user = `users/${made.body.id}`;
    await call('PATCH', user, {
      key: admin,
      body: { name: 'Ana María' },
      headers: { 'if-match': '"1"' },
    });
    await post(`${user}/reset-password`);
    await post(`${user}/end-sessions`);

    const bank = 'bank-credentials/banesco';
    const onTheBank = async (verb: string, body: object = {}) => {
      const seen = await call('GET', bank, { key: admin });
      const headers = { 'if-match': String(seen.headers['etag']) };
      return post(`${bank}/${verb}`, { ...body, reason: 'a test' }, { headers });
    };
    await onTheBank('pause');
    await onTheBank('resume');
    await onTheBank('secrets', { client_id: 'made-up', client_secret: 'made-up' });
    const tested = {
      secret: { by: 'api_key' as const, key: new Secret('made-up') },
      testedAt: new Date(),
    };
    const act = { by: 'process:spec', reason: 'a test', told: true };
    await app.app.get(BankSecrets, { strict: false }).store('banesco', tested, act);
    await onTheBank('secrets/remove');

    await post('bank-credentials', {
      id: 'second',
      bank: '0134',
      affiliate: 'J0000',
      client_id: 'made-up',
      client_secret: 'made-up',
      reason: 'a test',
    });
    await sql`
      insert into state.created_credential (credential_id, bank, affiliate, created_at)
      values ('third', '0134', 'J0000', now())`.execute(
      app.app.get(DatabaseConnection, { strict: false }).kysely,
    );
    const asSeen = { headers: { 'if-match': '"0"' } };
    await post('bank-credentials/third/retire', { reason: 'a test' }, asSeen);

    const hook = await post<{ id: string }>('webhook-endpoints', {
      merchant_id: id,
      url: 'https://shop.example/hooks',
    });
    const endpoint = `webhook-endpoints/${hook.body.id}`;
    await post(`${endpoint}/test`);
    await post(`${endpoint}/rotate-secret`);
    const range = { endpoint_id: hook.body.id, since: '2026-01-01T00:00:00Z' };
    await post('webhook-deliveries/replay', range);
    await call('PATCH', endpoint, {
      key: admin,
      body: { enabled: false },
      headers: { 'if-match': '"1"' },
    });
    await call('DELETE', endpoint, { key: admin });

    const person = { email: 'luis@example.com', name: 'Luis', password: PASSWORD };
    await post('auth/register', person, { key: undefined });
    const signIn = async () => {
      const { email, password } = person;
      const { body } = await post('auth/login', { email, password }, { key: undefined });
      return String(body['access_token']);
    };
    const key = await signIn();
    await signIn();
    const sessions = await call<{ data: { id: string; current: boolean }[] }>(
      'GET',
      'auth/sessions',
      { key },
    );
    const other = sessions.body.data.find(({ current }) => !current);
    await call('DELETE', `auth/sessions/${other?.id}`, { key });
    const fresh = { current_password: PASSWORD, new_password: `${PASSWORD} y mar` };
    await post('auth/password', fresh, { key });
    await post('auth/logout-everywhere', undefined, { key });
    await post('auth/refresh', { refresh_token: 'nothing' }, { key: undefined });

    // Those of one-time codes are looked at in sessions-api.int.spec.ts.
    const expected = new Set(Object.values(ACTS).filter((act) => /^[a-z_]+\.[a-z_]+$/.test(act)));
    const ofCodes = ['user.totp_changed', 'user.totp_reset', 'user.recovery_codes_made'];
    for (const act of ofCodes) expected.delete(act);
    const found = await eventually(async () => {
      const entries = await audit('');
      const acts = new Set(entries.map(({ act }) => act));
      expect([...expected].filter((act) => !acts.has(act))).toEqual([]);
      return entries;
    });
    for (const entry of found.filter(({ act }) => expected.has(act))) {
      if (entry.actor.startsWith('process:')) continue;
      expect(entry).toMatchObject({
        actor: expect.stringMatching(/^(user:|api_key:|anonymous)/),
        address: '127.0.0.1',
        request_id: expect.stringMatching(/\S{8,}/),
        result: entry.act === 'access.refused' ? 'refused' : 'done',
      });
    }
  });

  it('tells of refused keys, people and callers beyond their limit, however many they are', async () => {
    const reader = await app.issueKey(['transactions:read']);
    for (let at = 0; at < 300; at += 1) {
      await call('GET', 'users', { key: at % 2 === 0 ? reader : 'ck_live_nobody' });
    }
    const refusals = await eventually(async () => {
      const entries = (await audit('act=access.refused')).filter(
        // Sign-outs of the tests before are refused too, as the people that they were.
        ({ subject }) => !subject.startsWith('user:'),
      );
      expect(new Set(entries.map(({ reason }) => reason))).toEqual(
        new Set(['not_permitted', 'not_authenticated']),
      );
      return entries;
    });
    // Two callers, two minutes at most, two acts for each.
    expect(refusals.length).toBeLessThanOrEqual(8);
    const permitted = refusals.find(({ reason }) => reason === 'not_permitted');
    expect(permitted).toMatchObject({
      actor: expect.stringMatching(/^api_key:/),
      address: '127.0.0.1',
      result: 'refused',
      particulars: { route: 'GET /api/v1/users' },
    });
    const stranger = refusals.find(({ reason }) => reason === 'not_authenticated');
    expect(stranger).toMatchObject({ actor: 'anonymous', subject: 'network:127.0.0.1' });
  });

  it('tells who closed and reopened the way to a bank', async () => {
    const closures = app.app.get(GatewayClosures, { strict: false });
    await closures.close('banesco', { by: 'Ana', reason: 'maintenance' });
    await closures.reopen('banesco', { by: 'process:gateway', reason: 'over' });
    const acts = await eventually(async () => {
      const entries = await audit('subject=bank_credential:banesco');
      const untold = entries.filter(({ actor }) => !actor.startsWith('api_key:'));
      expect(untold).toHaveLength(2);
      return untold.map(({ act, actor, particulars }) => [act, actor, particulars['why']]);
    });
    expect(acts).toEqual([
      ['bank_gateway.reopened', 'process:gateway', 'over'],
      ['bank_gateway.closed', 'person:Ana', 'maintenance'],
    ]);
  });

  it('locks everything anew under another master key, and tells of it', async () => {
    const { body } = await post<{ id: string }>('merchants', { name: 'Told by webhook' });
    const hook = { merchant_id: body.id, url: 'https://shop.example/rotated' };
    expect(await post('webhook-endpoints', hook)).toMatchObject({ status: 201 });
    const { PERSONAL_DATA_MASTER_KEY: previous = '' } = app.environment;
    const fresh = randomBytes(32).toString('base64');
    const exchanging = {
      ...app.environment,
      PERSONAL_DATA_MASTER_KEY: fresh,
      PERSONAL_DATA_PREVIOUS_MASTER_KEY: previous,
    };
    const { stderr, code } = await commandLine(exchanging)('personal-data', 'rotate-master');
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/[1-9]\d* of signing .* [1-9]\d* of webhooks/),
    ]);
    // The old key is not known any more, and the keys that sign tokens still open.
    const after = { ...app.environment, PERSONAL_DATA_MASTER_KEY: fresh };
    expect(await commandLine(after)('keys', 'rotate')).toMatchObject({ code: 0, stderr: '' });
    await eventually(async () => expect(await audit('act=master_key.rotated')).toHaveLength(1));
  });

  it('leaves as lines that anybody can verify', async () => {
    const cli = commandLine(app.environment);
    const out = join(folder, 'audit.ndjson');
    const exported = await cli('audit', 'export', '--out', out);
    expect(exported).toMatchObject({ code: 0, stderr: expect.stringMatching(/^\d+ acts, chain/) });
    expect(await cli('audit', 'export', '--out', out)).toMatchObject({ code: 64 });

    const outside = commandLine({});
    const verified = await outside('audit', 'verify', '--file', out);
    expect(verified).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing is wrong'),
    });
    const text = await readFile(out, 'utf8');
    await writeFile(out, text.replace('"user.created"', '"user.removed"'));
    const spoilt = await outside('audit', 'verify', '--file', out);
    expect(spoilt).toMatchObject({ code: 1, stderr: expect.stringContaining('was changed') });

    const { stdout } = await cli('audit', 'export', '--format', 'csv');
    const [head, ...rows] = stdout.trim().split('\n');
    expect(head).toMatch(/^position,at,act,actor/);
    // Acts of the tests before may still have come in between.
    expect(rows.length).toBeGreaterThanOrEqual(text.trim().split('\n').length);
  });
});
