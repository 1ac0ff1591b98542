import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFIG_SECTIONS } from '../../app.module.js';
import { SystemRandomSource } from '../../kernel/ids.js';
import { readConfiguration, type Environment } from '../../platform/config/config.js';
import { lineOf } from './finding.js';
import { generateSecrets } from './generated-secrets.js';
import { findPrintedSecrets } from './printed-secrets.js';
import { configuredSecrets, findWeakSecrets } from './secret-checks.js';
import { findUnsafeSettings } from './setting-checks.js';
import { readStoreAddress } from '../../platform/config/store-address.js';

const made = generateSecrets(new SystemRandomSource(), {
  database: 'postgres:5432/constancia',
  eventStore: 'events:2113?tls=true',
  redis: 'redis:6379',
});

const BANK_SECRET = 'kd83Jd0-qPz71xYuL2';

/** What nothing is to be said against. */
const SOUND: Environment = {
  ...Object.fromEntries(made.map(({ name, value }) => [name, value])),
  PUBLIC_URL: 'https://api.example.com',
  PLAIN_STORES_BECAUSE: 'one machine',
  BANESCO_BASE_URL: 'https://bank.example.com',
  BANESCO_TOKEN_URL: 'https://bank.example.com/token',
  BANESCO_TRANSACTIONS_PATH: '/transactions',
  BANESCO_CLIENT_ID: 'C0981',
  BANESCO_CLIENT_SECRET: BANK_SECRET,
  BANESCO_AFFILIATE: 'J123',
};

const KEY_OF_ZEROS = Buffer.alloc(32).toString('base64');
const READABLE_KEY = Buffer.from('development-only-master-key-32..').toString('base64');

const configurationOf = (changed: Environment) =>
  readConfiguration(CONFIG_SECTIONS, { ...SOUND, ...changed });

const findingsOf = (changed: Environment): readonly string[] => {
  const configuration = configurationOf(changed);
  return [
    ...findWeakSecrets(configuredSecrets(configuration)),
    ...findUnsafeSettings(configuration),
  ].map(lineOf);
};

describe('checking settings for production', () => {
  it('has nothing to say against what `secrets generate` makes behind https', () => {
    expect(findingsOf({})).toEqual([]);
  });

  it.each<[string, Environment, string]>([
    ['plain HTTP in public', { PUBLIC_URL: 'http://api.example.com' }, 'PUBLIC_URL: is plain HTTP'],
    [
      'webhooks into the own network',
      { WEBHOOK_PRIVATE_NETWORK: 'true' },
      'WEBHOOK_PRIVATE_NETWORK: lets merchants have addresses of the own network called',
    ],
    [
      'plain HTTP to a bank',
      { BANESCO_TOKEN_URL: 'http://bank/token' },
      'BANESCO_TOKEN_URL: is plain HTTP',
    ],
    [
      'pages without TLS',
      { CORS_ORIGINS: 'http://backoffice.example.com' },
      'CORS_ORIGINS: lets pages call',
    ],
    ['pages of a laptop', { CORS_ORIGINS: 'https://localhost:5173' }, 'CORS_ORIGINS: lets pages'],
    ['any proxy', { TRUSTED_PROXIES: '0.0.0.0/0' }, 'TRUSTED_PROXIES: believes'],
    ['strangers', { REGISTRATION_OPEN: 'true' }, 'REGISTRATION_OPEN: lets strangers'],
    ['a limit that is none', { RATE_LIMIT_LOGIN: '1000/1' }, 'RATE_LIMIT_LOGIN: limits nothing'],
    ['talkative logs', { LOG_LEVEL: 'debug' }, 'LOG_LEVEL: logs more'],
    [
      'a database without TLS',
      {
        DATABASE_URL: 'postgresql://c:Zk3l9QmvX07-pLw8sRtY@db.example.com/c',
        PLAIN_STORES_BECAUSE: undefined,
      },
      'DATABASE_URL: leads to another machine without TLS',
    ],
    [
      'a root user of the database',
      { DATABASE_URL: 'postgresql://postgres:Zk3l9QmvX07-pLw8sRtY@postgres/c' },
      'DATABASE_URL: signs in as a user who may do everything',
    ],
    [
      'a database without a password',
      { DATABASE_URL: 'postgresql://c@postgres/c' },
      'DATABASE_URL: names no password',
    ],
    [
      'a log without TLS',
      {
        EVENTSTORE_URL: 'esdb://c:Zk3l9QmvX07-pLw8sRtY@a.example.com,b.example.com?tls=false',
        PLAIN_STORES_BECAUSE: undefined,
      },
      'EVENTSTORE_URL: leads to another machine without TLS',
    ],
    [
      'the printed password of the log',
      { EVENTSTORE_URL: 'esdb://admin:changeit@events?tls=true' },
      'EVENTSTORE_URL: is shorter than 16 characters',
    ],
    [
      'a word',
      { DATABASE_URL: 'postgresql://c:DevelopmentOnly-2026@postgres/c' },
      'DATABASE_URL: holds a word',
    ],
    ['a key of zeros', { PERSONAL_DATA_MASTER_KEY: KEY_OF_ZEROS }, 'PERSONAL_DATA_MASTER_KEY: rep'],
    [
      'a readable key',
      { PERSONAL_DATA_MASTER_KEY: READABLE_KEY },
      'PERSONAL_DATA_MASTER_KEY: is readable text',
    ],
    [
      'one key for two things',
      { PERSONAL_DATA_INDEX_KEY: SOUND['PERSONAL_DATA_MASTER_KEY'] },
      'PERSONAL_DATA_INDEX_KEY: is the same secret as PERSONAL_DATA_MASTER_KEY',
    ],
    [
      'a made-up secret of a bank',
      { BANESCO_CLIENT_SECRET: 'made-up' },
      'BANESCO_CLIENT_SECRET: holds a word',
    ],
  ])('refuses %s', (_, changed, line) => {
    const lines = findingsOf(changed);
    expect(lines).toContainEqual(expect.stringContaining(line));
    for (const value of Object.values(changed)) {
      for (const told of lines) expect(told).not.toContain(String(value));
    }
  });

  it('finds the same secret within two addresses', () => {
    const shared = 'Zk3l9QmvX07-pLw8sRtY';
    expect(
      findingsOf({
        DATABASE_URL: `postgresql://c:${shared}@postgres/c`,
        EVENTSTORE_URL: `esdb://c:${shared}@events?tls=true`,
      }),
    ).toEqual([expect.stringContaining('EVENTSTORE_URL: is the same secret as DATABASE_URL')]);
  });
});

describe('looking for secrets in what everybody reads', () => {
  it('names the file and never the secret, and leaves the folder of secrets alone', async () => {
    const root = await mkdtemp(join(tmpdir(), 'checkout-'));
    try {
      await mkdir(join(root, 'docs'));
      await mkdir(join(root, 'deploy', 'secrets'), { recursive: true });
      await writeFile(join(root, 'deploy', 'secrets', 'key.md'), READABLE_KEY);
      await writeFile(join(root, 'docs', 'guide.md'), `Give \`${BANESCO_IN_PAGE}\` as secret.\n`);
      const secrets = configuredSecrets(
        configurationOf({
          BANESCO_CLIENT_SECRET: BANESCO_IN_PAGE,
          PERSONAL_DATA_MASTER_KEY: READABLE_KEY,
        }),
      );
      const found = await findPrintedSecrets(secrets, root);
      expect(found.map(lineOf)).toEqual([
        'BANESCO_CLIENT_SECRET: is printed in docs/guide.md; replace it; everybody has read it',
      ]);
    } finally {
      await rm(root, { recursive: true });
    }
  });
});

const BANESCO_IN_PAGE = 'q7Wn2-printed-in-a-page';

describe('reading the address of a store', () => {
  it.each([
    ['postgresql://u:p%40ss@h:5432/db?sslmode=require', 'u', 'p@ss', ['h']],
    ['esdb://u:p@a:2113,b:2113?tls=true', 'u', 'p', ['a', 'b']],
    ['redis://:p@h:6379/0', null, 'p', ['h']],
    ['esdb://h:2113?tls=false', null, null, ['h']],
  ])('takes %s apart', (address, user, password, hosts) => {
    expect(readStoreAddress(address)).toMatchObject({ user, password, hosts });
  });
});
