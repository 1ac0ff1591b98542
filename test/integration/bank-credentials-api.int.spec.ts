import { createSecretKey, type KeyObject, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { BankSecrets } from '../../src/bank-gateway/credentials/bank-secrets.port.js';
import { CredentialTrialWorker } from '../../src/bank-gateway/credentials/credential-trial.worker.js';
import { CredentialTrials } from '../../src/bank-gateway/credentials/credential-trials.store.js';
import { Secret } from '../../src/platform/config/secret.js';
import { DatabaseConnection } from '../../src/platform/database/database.js';
import { SystemRandomSource } from '../../src/kernel/ids.js';
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
    const variables = { ...variablesFor(bank), ...venezuelaVariables(bank) };
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
});
