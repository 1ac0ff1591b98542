import { createSecretKey, type KeyObject, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { BankGateway } from '../../src/bank-gateway/bank-gateway.port.js';
import { BankSecrets } from '../../src/bank-gateway/credentials/bank-secrets.port.js';
import { CredentialRollWorker } from '../../src/bank-gateway/credentials/credential-roll.worker.js';
import { CredentialTrialWorker } from '../../src/bank-gateway/credentials/credential-trial.worker.js';
import { CredentialTrials } from '../../src/bank-gateway/credentials/credential-trials.store.js';
import { Secret } from '../../src/platform/config/secret.js';
import { DatabaseConnection } from '../../src/platform/database/database.js';
import { SystemRandomSource } from '../../src/kernel/ids.js';
import type { LocalDate } from '../../src/kernel/local-date.js';
import {
  MerchantDirectory,
  receivedPagoMovilOn,
} from '../../src/merchants/merchant-directory.port.js';
import { MasterKeys } from '../../src/platform/personal-data/master-keys.js';
import type { SandboxBank } from '../../src/stand-ins/sandbox-bank/sandbox-bank.js';
import { apiCaller } from '../support/api-caller.js';
import { eventually } from '../support/eventually.js';
import { variablesFor } from '../support/gateway-under-test.js';
import { CLIENT_ID, SandboxClient } from '../support/sandbox-client.js';
import { TransactionsApi } from '../support/transactions-api.js';
import {
  startVenezuela,
  VENEZUELA_ACCOUNT,
  venezuelaVariables,
} from '../support/venezuela-sandbox.js';

const NEW_SECRET = 'another-made-up-secret';
const NEW_KEY = 'another-made-up-key-0042';
const PATH = 'bank-credentials/banesco';
const reason = 'the yearly change';

// The worker is run by hand: no spec waits for it, and none is overtaken by it.
describe('administering the credentials of banks over HTTP', () => {
  let bank: SandboxBank;
  let sandbox: SandboxClient;
  let api: TransactionsApi;
  let call: ReturnType<typeof apiCaller>;
  let admin: string;

  beforeAll(async () => {
    ({ bank, client: sandbox } = await startVenezuela());
    const variables = {
      ...variablesFor(bank),
      ...venezuelaVariables(bank),
      PAGO_MOVIL_ACCOUNTS_SHARED: 'false',
    };
    api = await TransactionsApi.start({ ...variables, ROLES: 'api,projector' });
    call = apiCaller(api.running);
    admin = await api.aKey(null, ['admin']);
  });

  afterAll(async () => {
    await api.stop();
    await bank.stop();
  });

  const of = <T>(token: abstract new (...args: never[]) => T): T =>
    api.running.app.get(token, { strict: false });
  const read = (path = PATH) => call('GET', path, { key: admin });
  const act = async (verb: string, body: object = {}, path = PATH) => {
    const { headers } = await read(path);
    return call('POST', `${path}/${verb}`, {
      key: admin,
      body: { reason, ...body },
      headers: { 'if-match': String(headers['etag']) },
    });
  };
  const client = (secret: string) => ({ client_id: CLIENT_ID, client_secret: secret });
  const askTheBank = () => of(CredentialTrialWorker).run(new AbortController().signal);
  const tokenCalls = async (): Promise<number> => {
    const { operations } = await sandbox.state();
    return (operations as Readonly<Record<string, number>>)['token'] ?? 0;
  };
  const boxes = async () => {
    const { kysely } = of(DatabaseConnection);
    const { rows } = await sql<{ box: Buffer | null }>`
      select box from state.bank_credential_trial order by begun_at`.execute(kysely);
    return rows.map(({ box }) => box);
  };

  it('lists what the configuration names, and no secret of it', async () => {
    const { status, body } = await read('bank-credentials');

    expect(status).toBe(200);
    expect(body['data']).toMatchObject([
      {
        id: 'banesco',
        bank: '0134',
        state: 'open',
        secret: { kind: 'client', source: 'configuration', version: 0 },
        trial: null,
        version: 0,
      },
      { id: 'bdv', bank: '0102', secret: { kind: 'api_key', source: 'configuration' } },
    ]);
    expect(JSON.stringify(body)).not.toContain(CLIENT_ID);
  });

  it('knows no others, whatever is asked of them', async () => {
    expect((await read('bank-credentials/nobody')).status).toBe(404);
    expect((await read(`${PATH}/trials/${randomUUID()}`)).status).toBe(404);
    const headers = { 'if-match': '"0"' };
    for (const verb of ['pause', 'resume', 'secrets', 'secrets/remove']) {
      const path = `bank-credentials/nobody/${verb}`;
      expect((await call('POST', path, { key: admin, body: { reason }, headers })).status).toBe(
        404,
      );
    }
  });

  it('pauses and resumes for whoever saw the latest version', async () => {
    const paused = await act('pause');
    expect(paused).toMatchObject({
      status: 200,
      body: { state: 'closed', closed_because: reason },
    });
    const asSeenBefore = { key: admin, body: { reason }, headers: { 'if-match': '"0"' } };
    expect(await call('POST', `${PATH}/resume`, asSeenBefore)).toMatchObject({
      status: 412,
      body: { code: 'version_changed', version: paused.body['version'] },
    });
    const { status } = await call('POST', `${PATH}/resume`, { key: admin, body: { reason } });
    expect(status).toBe(428);
    expect(await act('resume')).toMatchObject({ status: 200, body: { state: 'open' } });
  });

  it('changes nothing when the bank refuses secrets, and closes nothing', async () => {
    const sent = await act('secrets', client('wrong-and-secret'));
    expect(sent).toMatchObject({
      status: 202,
      headers: { 'retry-after': '2' },
      body: { state: 'waiting', ended_at: null },
    });
    const [box] = await boxes();
    expect(box?.includes('wrong-and-secret')).toBe(false);

    await askTheBank();

    const trial = await read(String(sent.headers['location']));
    expect(trial.body).toMatchObject({ state: 'refused', reason });
    expect((await read()).body).toMatchObject({
      state: 'open',
      secret: { source: 'configuration', version: 0 },
      trial: { state: 'refused' },
    });
    expect(await boxes()).toEqual([null]);
  });

  it('puts in force what the bank takes, after one call under a permit', async () => {
    await sandbox.admin('POST', 'credentials', { client_secret: NEW_SECRET });
    const before = await tokenCalls();
    const sent = await act('secrets', client(NEW_SECRET));

    expect([await askTheBank(), await askTheBank()]).toEqual(['busy', 'idle']);

    expect((await read(String(sent.headers['location']))).body['state']).toBe('accepted');
    expect((await tokenCalls()) - before).toBe(1);
    const { body } = await read();
    expect(body).toMatchObject({
      secret: { source: 'stored', version: 1, ends_with: CLIENT_ID.slice(-4) },
      calls_used: expect.any(Number),
    });
    expect(body['calls_used']).toBeGreaterThan(0);
    const stored = await of(BankSecrets).inForce('banesco');
    expect(stored?.secret.by === 'token' && stored.secret.clientSecret.reveal()).toBe(NEW_SECRET);
  });

  it('tries one at a time, and leaves what came in force meanwhile', async () => {
    const sent = await act('secrets', client(NEW_SECRET));
    expect(await act('secrets', client(NEW_SECRET))).toMatchObject({
      status: 409,
      body: { code: 'trial_under_way', retryable: true },
    });
    const secret = {
      by: 'token' as const,
      clientId: new Secret(CLIENT_ID),
      clientSecret: new Secret(NEW_SECRET),
    };
    const by = { by: 'operator', reason };
    await of(BankSecrets).store('banesco', { secret, testedAt: new Date() }, by);

    await askTheBank();

    expect((await read(String(sent.headers['location']))).body['state']).toBe('overtaken');
    expect((await read()).body).toMatchObject({ secret: { version: 2 } });
  });

  it('leaves a trial to others when it is stopped, and locks it anew with the master key', async () => {
    const sent = await act('secrets', client(NEW_SECRET));
    const text = api.environment['PERSONAL_DATA_MASTER_KEY'] ?? '';
    const present = createSecretKey(Buffer.from(text, 'base64'));
    const other = createSecretKey(Buffer.alloc(32, 5));
    const trialsUnder = (key: KeyObject, before: KeyObject) =>
      new CredentialTrials({
        database: of(DatabaseConnection),
        masterKeys: new MasterKeys(key, before),
        random: new SystemRandomSource(),
      });
    const there = trialsUnder(other, present);
    const back = trialsUnder(present, other);
    expect([await there.rewrap(), await there.rewrap(), await back.rewrap()]).toEqual([1, 0, 1]);

    await of(CredentialTrialWorker).run(AbortSignal.abort());
    const { location } = sent.headers;
    expect((await read(String(location))).body['state']).toBe('waiting');
    await askTheBank();
    expect((await read(String(location))).body['state']).toBe('accepted');
  });

  it('lets those of the configuration hold again', async () => {
    expect(await act('secrets/remove')).toMatchObject({
      status: 200,
      body: { secret: { source: 'configuration', version: 0 } },
    });
  });

  it('tries a key with an account of ours, where the bank wants a key', async () => {
    const path = 'bank-credentials/bdv';
    await sandbox.admin('POST', 'credentials', { api_key: NEW_KEY });
    const sent = await act(
      'secrets',
      { api_key: NEW_KEY, account_number: VENEZUELA_ACCOUNT },
      path,
    );
    await askTheBank();

    expect((await read(String(sent.headers['location']))).body['state']).toBe('accepted');
    expect((await read(path)).body).toMatchObject({
      secret: { kind: 'api_key', source: 'stored', ends_with: '0042' },
    });
  });

  it.each([
    ['banesco', { api_key: 'x' }, ['/client_id', '/client_secret', '/api_key']],
    ['banesco', { client_id: 'x', client_secret: 'with blank' }, ['/client_secret']],
    ['bdv', client('x'), ['/api_key', '/account_number', '/client_id', '/client_secret']],
  ])('says which members %s wants, without quoting any: %j', async (id, body, pointers) => {
    const refused = await act('secrets', body, `bank-credentials/${id}`);
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
    const errors = refused.body['errors'] as { pointer: string; reason: string }[];
    expect(errors.map(({ pointer }) => pointer)).toEqual(pointers);
    expect(JSON.stringify(errors)).not.toContain('with blank');
  });

  it('tells the audit who sent, stored and removed them, and shows them nowhere', async () => {
    const entries = await eventually(async () => {
      const { body } = await read('audit?limit=100&subject=bank_credential:banesco');
      const data = body['data'] as Readonly<Record<string, unknown>>[];
      expect(data.map(({ act, result }) => `${String(act)} ${String(result)}`)).toEqual(
        expect.arrayContaining([
          'bank_credential.submitted done',
          'bank_credential.stored done',
          'bank_credential.stored refused',
          'bank_credential.removed done',
          'bank_gateway.closed done',
          'bank_gateway.reopened done',
        ]),
      );
      return data;
    });
    const told = entries.filter(({ actor }) => actor !== 'person:operator');
    for (const entry of told) {
      expect(entry).toMatchObject({
        actor: expect.stringMatching(/^api_key:/),
        address: '127.0.0.1',
        particulars: { why: reason },
      });
    }
    const everything = JSON.stringify(entries) + api.lines.join('\n');
    for (const secret of [NEW_SECRET, NEW_KEY, 'wrong-and-secret']) {
      expect(everything).not.toContain(secret);
    }
  });

  describe('that the configuration does not name', () => {
    const path = 'bank-credentials/second';
    const particulars = { id: 'second', bank: '0134', affiliate: 'sandbox', reason };
    let account: string;
    let accounts: string;

    const create = (body: object, key: string = randomUUID()) =>
      call('POST', 'bank-credentials', {
        key: admin,
        body: { ...particulars, ...body },
        headers: { 'idempotency-key': key },
      });
    const addAccount = async (number: string, body: object = {}) => {
      const given = { bank: '0134', account_number: number, credential_id: 'banesco', ...body };
      return call('POST', accounts, { key: admin, body: given });
    };
    const change = async (id: string, body: object) => {
      const { headers } = await read(`${accounts}/${id}`);
      return call('PATCH', `${accounts}/${id}`, {
        key: admin,
        body: { reason, ...body },
        headers: { 'if-match': String(headers['etag']) },
      });
    };

    beforeAll(async () => {
      // What the specs before left: the secrets of the configuration are good again.
      await sandbox.admin('POST', 'credentials', { client_secret: NEW_SECRET });
      const merchant = { name: 'Panadería', tolerance: { under: 0, over: 0 }, match_days: 30 };
      const made = await call('POST', 'merchants', { key: admin, body: merchant });
      accounts = `merchants/${String(made.body['id'])}/accounts`;
      account = String((await addAccount('01340000000000000011')).body['id']);
    });

    it('is created untested, and nobody may name it before the bank has taken its secrets', async () => {
      const key = randomUUID();
      const made = await create(client('wrong-and-secret'), key);
      expect(made).toMatchObject({
        status: 202,
        headers: { location: `/api/v1/${path}`, 'retry-after': '2' },
        body: { origin: 'created', standing: 'untested', trial: { state: 'waiting' } },
      });
      expect(await create(client('wrong-and-secret'), key)).toMatchObject({
        status: 200,
        headers: { 'idempotency-replayed': 'true' },
        body: { version: made.body['version'] },
      });
      expect(await create(client(NEW_SECRET))).toMatchObject({ body: { code: 'trial_under_way' } });
      await askTheBank();
      expect((await read(path)).body).toMatchObject({
        standing: 'untested',
        trial: { state: 'refused' },
        secret: { source: 'none', ends_with: null },
      });
      const named = await addAccount('01340000000000000012', { credential_id: 'second' });
      expect(named).toMatchObject({ status: 422, body: { code: 'credential_unknown' } });
      expect(
        of(BankGateway)
          .credentials()
          .map(({ credentialId }) => credentialId),
      ).not.toContain('second');
    });

    it('is in force once the bank takes them, on every instance, without a restart', async () => {
      const beside = await api.running.startBeside();
      try {
        await create({ ...client(NEW_SECRET), calls_allowed: 5 });
        await askTheBank();
        expect((await read(path)).body).toMatchObject({
          standing: 'in_force',
          state: 'open',
          calls_allowed: 5,
          secret: { source: 'stored', version: 1, ends_with: CLIENT_ID.slice(-4) },
        });
        for (const app of [api.running.app, beside]) {
          await app.get(CredentialRollWorker, { strict: false }).run();
          const gateway = app.get(BankGateway, { strict: false });
          expect(gateway.credentials()).toContainEqual(
            expect.objectContaining({ credentialId: 'second', affiliate: 'sandbox' }),
          );
          const signal = new AbortController().signal;
          expect(await gateway.prepare('second', signal)).toEqual({ state: 'ready' });
        }
      } finally {
        await beside.close();
      }
    });

    it.each([
      [{ id: 'banesco' }, 409, 'credential_id_taken'],
      [{}, 409, 'credential_id_taken'],
      [{ id: 'third', bank: '0105' }, 422, 'bank_not_configured'],
      [{ id: 'third', api_key: 'x' }, 422, 'invalid_input'],
    ])('refuses %j', async (body, status, code) => {
      const refused = await create({ ...client(NEW_SECRET), ...body });
      expect(refused).toMatchObject({ status, body: { code } });
      expect(
        refused.body['code'] === 'invalid_input' || (await read('bank-credentials/third')).status,
      ).not.toBe(200);
    });

    it('takes over an account of the same affiliate, and of no other', async () => {
      const other = { id: 'stranger', affiliate: 'J9999', ...client(NEW_SECRET) };
      await create(other);
      await askTheBank();
      expect(await change(account, { credential_id: 'stranger' })).toMatchObject({
        status: 409,
        body: { code: 'affiliate_differs' },
      });
      expect(await change(account, { credential_id: 'bdv' })).toMatchObject({
        body: { code: 'affiliate_differs' },
      });
      const moved = await change(account, { credential_id: 'second' });
      expect(moved).toMatchObject({
        status: 200,
        headers: { etag: '"2"' },
        body: { credential_id: 'second', receives_pago_movil: true, version: 2 },
      });
      const late = await call('PATCH', `${accounts}/${account}`, {
        key: admin,
        body: { reason, credential_id: 'banesco' },
        headers: { 'if-match': '"1"' },
      });
      expect(late).toMatchObject({ status: 412, body: { code: 'version_changed', version: 2 } });
    });

    it('shares the one right to Pago Móvil with its affiliate, which is moved by the day', async () => {
      const added = await addAccount('01340000000000000013');
      const id = String(added.body['id']);
      expect(added.body).toMatchObject({ credential_id: 'banesco', receives_pago_movil: false });
      expect(await change(id, { receives_pago_movil: true })).toMatchObject({
        status: 409,
        body: { code: 'pago_movil_account_taken', receiving_account_id: account },
      });
      const moved = await change(id, {
        receives_pago_movil: true,
        takes_pago_movil_from: account,
      });
      const [{ from }] = moved.body['pago_movil_days'] as [{ from: string }];
      expect(moved).toMatchObject({ status: 200, body: { receives_pago_movil: true } });
      expect((await read(`${accounts}/${account}`)).body).toMatchObject({
        receives_pago_movil: false,
        pago_movil_days: [{ from: null, until: from }],
        version: 3,
      });
      const directory = of(MerchantDirectory);
      const days = [from, '2026-01-01'] as LocalDate[];
      // Accounts are remembered for a second.
      await eventually(async () => {
        const both = await Promise.all([id, account].map((one) => directory.receivingAccount(one)));
        expect(both.map((one) => one && days.map((day) => receivedPagoMovilOn(one, day)))).toEqual([
          [true, false],
          [false, true],
        ]);
      });
    });

    it('is retired once nobody uses it, and its secrets are gone', async () => {
      expect(await act('retire')).toMatchObject({ body: { code: 'credential_configured' } });
      expect(await act('retire', {}, path)).toMatchObject({
        status: 409,
        body: { code: 'credential_in_use', accounts: 1, open_claims: 0 },
      });
      await change(account, { credential_id: 'banesco' });
      expect(await act('retire', {}, path)).toMatchObject({
        body: { code: 'credential_left_lately', retryable: true },
      });
      await sql`update state.created_credential set left_at = now() - interval '1 hour'`.execute(
        of(DatabaseConnection).kysely,
      );
      expect(await act('secrets/remove', {}, path)).toMatchObject({
        body: { code: 'credential_created' },
      });
      expect(await act('retire', {}, path)).toMatchObject({
        status: 200,
        body: { standing: 'retired', secret: { source: 'none' } },
      });
      expect(await act('secrets', client(NEW_SECRET), path)).toMatchObject({
        body: { code: 'credential_retired' },
      });
      expect(
        of(BankGateway)
          .credentials()
          .map(({ credentialId }) => credentialId),
      ).not.toContain('second');
      // Claims and slots go on naming it.
      expect(of(BankGateway).known('second')).toMatchObject({ affiliate: 'sandbox' });
      const named = await change(account, { credential_id: 'second' });
      expect(named.body).toMatchObject({ code: 'credential_unknown' });
    });

    it('comes back as what it was, and as nothing else', async () => {
      const another = await create({ ...client(NEW_SECRET), affiliate: 'J1111' });
      expect(another).toMatchObject({ status: 409, body: { code: 'credential_id_taken' } });
      expect(await create(client(NEW_SECRET))).toMatchObject({ status: 202 });
      await askTheBank();
      expect((await read(path)).body).toMatchObject({
        standing: 'in_force',
        secret: { version: 2 },
      });
    });

    it('stands in the audit, from the first to the last', async () => {
      await eventually(async () => {
        const { body } = await read('audit?limit=100&subject=bank_credential:second');
        const acts = (body['data'] as { act: string }[]).map((entry) => entry.act);
        expect(new Set(acts)).toEqual(
          new Set(['bank_credential.created', 'bank_credential.stored', 'bank_credential.retired']),
        );
        const { body: changes } = await read(
          `audit?limit=100&subject=receiving_account:${account}&act=receiving_account.changed`,
        );
        expect(changes['data']).toHaveLength(3);
      });
    });
  });
});
