import { jest } from '@jest/globals';
import { createSecretKey, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { CredentialTrial } from '../../src/bank-gateway/credentials/credential-trial.js';
import { PostgresBankSecrets } from '../../src/bank-gateway/credentials/postgres-bank-secrets.store.js';
import { PrometheusBankMeter } from '../../src/bank-gateway/http/prometheus-bank-meter.js';
import { PostgresGatewayClosures } from '../../src/bank-gateway/permits/postgres-gateway-closures.store.js';
import {
  gatewayCredentialsRemoveTask,
  gatewayCredentialsSetTask,
  gatewayCredentialsStatusTask,
} from '../../src/cli/gateway-credentials.task.js';
import { UsageError } from '../../src/cli/task.js';
import { SystemClock } from '../../src/kernel/clock.js';
import { SystemRandomSource } from '../../src/kernel/ids.js';
import { Secret } from '../../src/platform/config/secret.js';
import { MasterKeys } from '../../src/platform/personal-data/master-keys.js';
import { BoxUnreadable } from '../../src/platform/personal-data/sealed-box.js';
import type { PostgresConnection } from '../../src/platform/database/postgres-connection.js';
import { GatewayUnderTest, variablesFor } from '../support/gateway-under-test.js';
import type { SandboxBank } from '../../src/stand-ins/sandbox-bank/sandbox-bank.js';
import { CLIENT_ID, SandboxClient } from '../support/sandbox-client.js';
import {
  startVenezuela,
  VENEZUELA_ACCOUNT as account,
  VENEZUELA_KEY,
  venezuelaVariables,
} from '../support/venezuela-sandbox.js';
import { SharedDatabase } from '../support/shared-database.js';

const NEW_SECRET = 'another made-up secret';
const ACT = { by: 'operator', reason: 'the yearly change' };
const KEY = Buffer.alloc(32, 7);

let shared: SharedDatabase;
let database: PostgresConnection;
let secrets: PostgresBankSecrets;

const secretsUnder = (key: Buffer, before: KeyObject | null = null) =>
  new PostgresBankSecrets({
    database,
    masterKeys: new MasterKeys(createSecretKey(key), before),
    random: new SystemRandomSource(),
  });

const client = (clientSecret: string) => ({
  by: 'token' as const,
  clientId: new Secret(CLIENT_ID),
  clientSecret: new Secret(clientSecret),
});
const tested = (clientSecret: string) => ({ secret: client(clientSecret), testedAt: new Date() });

const acts = async (): Promise<readonly unknown[]> => {
  const { rows } = await sql`
    select act, done_by as by, reason from state.gateway_act order by act_id`.execute(
    database.kysely,
  );
  return rows;
};

beforeAll(async () => {
  shared = await SharedDatabase.start();
  database = shared.connect();
  secrets = secretsUnder(KEY);
});

afterAll(() => shared.stop());

beforeEach(async () => {
  await sql`truncate state.bank_credential, state.gateway_act, state.permit`.execute(
    database.kysely,
  );
});

describe('keeping the secrets of a bank', () => {
  it('puts the newest in force, and has the former ones no more', async () => {
    expect(await secrets.inForce('banesco')).toBeNull();
    expect(await secrets.store('banesco', tested('one'), ACT)).toBe(1);
    expect(await secrets.store('banesco', tested('two'), ACT)).toBe(2);

    const found = await secrets.inForce('banesco');
    expect(found?.version).toBe(2);
    expect(found?.secret.by === 'token' && found.secret.clientSecret.reveal()).toBe('two');
    const { rows } = await sql<{ version: number; gone: boolean }>`
      select version, box is null as gone from state.bank_credential order by version`.execute(
      database.kysely,
    );
    expect(rows).toEqual([
      { version: 1, gone: true },
      { version: 2, gone: false },
    ]);
  });

  it('leaves them to the configuration again, and never reuses a version', async () => {
    await secrets.store('banesco', tested('one'), ACT);

    expect([
      await secrets.remove('banesco', ACT),
      await secrets.remove('banesco', ACT),
      await secrets.inForce('banesco'),
      await secrets.store('banesco', tested('two'), ACT),
    ]).toEqual([true, false, null, 2]);
    expect(await acts()).toEqual([
      { act: 'credentials_stored', ...ACT },
      { act: 'credentials_removed', ...ACT },
      { act: 'credentials_stored', ...ACT },
    ]);
  });

  it('writes nothing of them in clear, and opens them under the master key only', async () => {
    await secrets.store('banesco', tested('in clear nowhere'), ACT);

    const { rows } = await sql<{ box: Buffer }>`
      select box from state.bank_credential`.execute(database.kysely);
    const bytes = rows[0]?.box ?? Buffer.alloc(0);
    expect(bytes.length).toBeGreaterThan(0);
    expect(bytes.includes('in clear')).toBe(false);
    expect(bytes.includes(CLIENT_ID)).toBe(false);
    await expect(secretsUnder(Buffer.alloc(32, 8)).inForce('banesco')).rejects.toBeInstanceOf(
      BoxUnreadable,
    );
  });

  it('is locked anew when the master key is exchanged', async () => {
    await secrets.store('banesco', tested('one'), ACT);
    const next = Buffer.alloc(32, 9);
    const exchanging = secretsUnder(next, createSecretKey(KEY));

    expect((await exchanging.inForce('banesco'))?.version).toBe(1);
    expect([await exchanging.rewrap(), await exchanging.rewrap()]).toEqual([1, 0]);
    expect((await secretsUnder(next).inForce('banesco'))?.version).toBe(1);
  });

  it('gives two people who store at once two versions', async () => {
    const versions = await Promise.all(
      ['one', 'two', 'three'].map((secret) => secrets.store('banesco', tested(secret), ACT)),
    );

    expect(new Set(versions)).toEqual(new Set([1, 2, 3]));
  });
});

describe('measuring the way to a bank', () => {
  it('says from the start that no call is held back', async () => {
    const { bank } = await SandboxClient.start();
    const gateway = new GatewayUnderTest(bank, { secrets });

    const { values } = await gateway.metrics.paymentsBankCircuitOpen.get();

    expect(values).toEqual([{ labels: { credential: 'banesco' }, value: 0 }]);
    gateway.stop();
    await bank.stop();
  });
});

describe('asking a bank under stored secrets', () => {
  it('uses them instead of the configuration’s', async () => {
    const { bank } = await SandboxClient.start({ clientSecret: NEW_SECRET });
    await secrets.store('banesco', tested(NEW_SECRET), ACT);
    const gateway = new GatewayUnderTest(bank, { secrets });

    expect((await gateway.lookUp()).answer).toEqual({ outcome: 'not_visible_yet' });

    gateway.stop();
    await bank.stop();
  });

  it('loses nothing when they are rotated under way: no restart, no closed gateway', async () => {
    const before = await SandboxClient.start();
    const { port } = new URL(before.bank.url);
    const gateway = new GatewayUnderTest(before.bank, { secrets });
    const first = await gateway.lookUp();
    await secrets.store('banesco', tested(NEW_SECRET), ACT);
    await before.bank.stop();
    const after = await SandboxClient.start({ port: Number(port), clientSecret: NEW_SECRET });

    const second = await gateway.lookUp();

    expect([first.answer.outcome, second.answer.outcome]).toEqual([
      'not_visible_yet',
      'not_visible_yet',
    ]);
    expect(await gateway.closures.find('banesco')).toBeNull();
    gateway.stop();
    await after.bank.stop();
  });
});

describe('trying a key at a bank that knows callers by one', () => {
  const key = (text: string) => ({ by: 'api_key' as const, key: new Secret(text) });
  let bank: SandboxBank;
  let client: SandboxClient;
  let gateway: GatewayUnderTest;

  beforeEach(async () => {
    ({ bank, client } = await startVenezuela());
    const variables = { ...venezuelaVariables(bank), BDV_API_KEY: 'the key of the configuration' };
    gateway = new GatewayUnderTest(bank, { variables, secrets });
  });

  afterEach(async () => {
    gateway.stop();
    await bank.stop();
  });

  const trial = (text: string, of: string | null = account) => {
    const setup = gateway.registry.banks.find(
      ({ credential }) => credential.credentialId === 'bdv',
    );
    if (setup === undefined) throw new Error('the bank is not configured');
    const meter = new PrometheusBankMeter(gateway.metrics, setup.credential);
    const parts = { permits: gateway.permits, clock: new SystemClock(), meter };
    const tried = new CredentialTrial(setup, { ...parts, random: new SystemRandomSource() });
    return tried.of(key(text), of, new AbortController().signal);
  };

  it('lists an account of today with it, which changes nothing at the bank', async () => {
    expect([await trial(VENEZUELA_KEY), await trial('wrong')]).toEqual(['accepted', 'refused']);
    expect((await client.state())['operations']).toEqual({ bdv_statement: 2 });
    expect(await gateway.closures.find('bdv')).toBeNull();
  });

  it('says that nothing is known without an account to list', async () => {
    expect(await trial(VENEZUELA_KEY, null)).toBe('unknown');
    expect((await client.state())['operations']).toEqual({});
  });

  it('is asked under the stored key', async () => {
    await secrets.store('bdv', { secret: key(VENEZUELA_KEY), testedAt: new Date() }, ACT);

    const { answer } = await gateway.list('2026-07-10', '2026-07-10', {
      account,
      credentialId: 'bdv',
    });

    expect(answer.outcome).toBe('not_visible_yet');
  });
});

describe('storing secrets from the command line', () => {
  const earlier = { ...process.env };
  let bank: Awaited<ReturnType<typeof SandboxClient.start>>['bank'];
  let folder: string;
  let said: string[];

  beforeAll(async () => {
    ({ bank } = await SandboxClient.start({ clientSecret: NEW_SECRET }));
    folder = await mkdtemp(join(tmpdir(), 'test-secrets-'));
    Object.assign(process.env, variablesFor(bank), {
      DATABASE_URL: shared.url,
      PERSONAL_DATA_MASTER_KEY: KEY.toString('base64'),
      PERSONAL_DATA_INDEX_KEY: KEY.toString('base64'),
    });
  });

  afterAll(async () => {
    process.env = earlier;
    await bank.stop();
    await rm(folder, { recursive: true });
  });

  beforeEach(() => {
    said = [];
    jest.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
  });

  afterEach(() => jest.restoreAllMocks());

  const file = async (content: string): Promise<string> => {
    const path = join(folder, 'secrets.json');
    await writeFile(path, content);
    return path;
  };
  const set = async (content: string, over: Record<string, string> = {}) =>
    gatewayCredentialsSetTask.run({
      credential: 'banesco',
      ...ACT,
      file: await file(content),
      ...over,
    });
  const status = async () => {
    await gatewayCredentialsStatusTask.run({ credential: 'banesco' });
    return said.at(-1);
  };

  it('tests them at the bank under a permit, then puts them in force', async () => {
    const content = JSON.stringify({ client_id: CLIENT_ID, client_secret: NEW_SECRET });

    expect(await set(content)).toBe(0);

    expect(said).toEqual(['The bank takes them; version 1 of banesco is in force.']);
    expect(await status()).toMatch(/^banesco uses version 1, stored 20\S+Z\.$/);
    const { rows } = await sql<{ operation: string }>`
      select operation from state.permit`.execute(database.kysely);
    expect(rows).toEqual([{ operation: 'token' }]);
    expect(await gatewayCredentialsRemoveTask.run({ credential: 'banesco', ...ACT })).toBe(0);
    expect(await status()).toBe('banesco uses the secrets of the configuration.');
    expect(await acts()).toEqual([
      { act: 'credentials_stored', ...ACT },
      { act: 'credentials_removed', ...ACT },
    ]);
  });

  it('changes nothing when the bank refuses them, and closes nothing', async () => {
    const content = JSON.stringify({ client_id: CLIENT_ID, client_secret: 'wrong' });

    expect(await set(content)).toBe(1);

    expect(said).toEqual(['The bank refuses them; nothing was changed.']);
    expect(await secrets.inForce('banesco')).toBeNull();
    expect(await new PostgresGatewayClosures(database).find('banesco')).toBeNull();
  });

  it.each([
    '{',
    '{}',
    '{"client_id":"x"}',
    '{"client_id":"x","client_secret":"s3cret-words","y":1}',
  ])('says what a file must hold, and nothing of what it holds: %s', async (content) => {
    const refusal = await set(content).catch((error: unknown) => error);

    expect(refusal).toBeInstanceOf(UsageError);
    expect(String(refusal)).not.toContain('s3cret-words');
  });

  it('wants a name, a reason and a credential that is configured', async () => {
    const content = JSON.stringify({ client_id: 'x', client_secret: 'y' });

    await expect(set(content, { by: '' })).rejects.toBeInstanceOf(UsageError);
    await expect(set(content, { credential: 'nobody' })).rejects.toBeInstanceOf(UsageError);
  });
});
