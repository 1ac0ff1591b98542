import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { configTable, secretNames } from './config-table.js';
import { ConfigurationInvalid, readConfiguration, type Environment } from './config.js';
import {
  DatabaseConfig,
  EventStoreConfig,
  HttpConfig,
  LogConfig,
  PersonalDataConfig,
  PLATFORM_SECTIONS,
  RolesConfig,
} from './config.schema.js';
import { Secret } from './secret.js';
import { ascendingNumbers } from './shapes.js';

const key = Buffer.alloc(32, 7).toString('base64');
const complete: Environment = {
  DATABASE_URL: 'postgresql://constancia:hunter-two@127.0.0.1:5432/constancia',
  EVENTSTORE_URL: 'esdb://admin:swordfish@127.0.0.1:2113?tls=false',
  PERSONAL_DATA_MASTER_KEY: key,
  PERSONAL_DATA_INDEX_KEY: key,
};

const problemsOf = (environment: Environment) => {
  try {
    readConfiguration(PLATFORM_SECTIONS, environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationInvalid) return error.problems;
    throw error;
  }
};

describe('reading the configuration', () => {
  it('gives typed sections with the defaults where nothing is set', () => {
    const read = readConfiguration(PLATFORM_SECTIONS, complete);
    expect(read.section(HttpConfig).port).toBe(8000);
    expect(read.section(LogConfig).pretty).toBe(false);
    expect(read.section(RolesConfig).roles).toEqual(['api', 'projector', 'verifier', 'notifier']);
    expect(read.section(PersonalDataConfig).masterKey.reveal()).toHaveLength(32);
  });

  it('freezes what it read', () => {
    const http = readConfiguration(PLATFORM_SECTIONS, complete).section(HttpConfig);
    expect(Object.isFrozen(http)).toBe(true);
  });

  it('names every mistake at once', () => {
    const problems = problemsOf({
      ...complete,
      DATABASE_URL: '',
      HTTP_PORT: '70000',
      ROLES: 'cook',
    });
    expect(problems).toEqual([
      { name: 'HTTP_PORT', reason: 'must be at most 65535' },
      { name: 'ROLES', reason: 'may hold only api, projector, verifier, notifier' },
      { name: 'DATABASE_URL', reason: 'is required' },
    ]);
  });

  it.each([
    ['DATABASE_URL', 'mysql://root:hunter-two@db/x'],
    ['EVENTSTORE_URL', 'http://admin:hunter-two@node'],
    ['PERSONAL_DATA_MASTER_KEY', 'hunter-two'],
    ['HTTP_PORT', 'hunter-two'],
    ['LOG_LEVEL', 'hunter-two'],
  ])('never repeats a wrong value of %s', (name, value) => {
    const problems = problemsOf({ ...complete, [name]: value });
    expect(problems.map((problem) => problem.name)).toEqual([name]);
    expect(JSON.stringify(problems)).not.toContain('hunter-two');
  });

  it.each([['1e3'], ['-1'], ['0x10'], ['8000.5'], [' 8000']])(
    'takes no port written as %p',
    (value) => {
      expect(problemsOf({ ...complete, HTTP_PORT: value })).toHaveLength(1);
    },
  );

  it('takes several hosts for the event store', () => {
    const url = 'esdb+discover://a.example:2113,b.example:2113?tls=true';
    const read = readConfiguration(PLATFORM_SECTIONS, { ...complete, EVENTSTORE_URL: url });
    expect(read.section(EventStoreConfig).url.reveal()).toBe(url);
  });

  it('takes only ascending numbers for a schedule', () => {
    expect(ascendingNumbers.parse('0, 60,120')).toEqual([0, 60, 120]);
    expect(ascendingNumbers.safeParse('60,60').success).toBe(false);
  });
});

describe('reading a secret from a file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('takes the text without its last line break', () => {
    const path = join(folder, 'url');
    writeFileSync(path, `${complete.DATABASE_URL}\n`);
    const { DATABASE_URL: _, ...rest } = complete;
    const read = readConfiguration(PLATFORM_SECTIONS, { ...rest, DATABASE_URL_FILE: path });
    expect(read.section(DatabaseConfig).url.reveal()).toBe(complete.DATABASE_URL);
  });

  it('refuses a value that is given twice', () => {
    expect(problemsOf({ ...complete, DATABASE_URL_FILE: '/nowhere' })).toEqual([
      { name: 'DATABASE_URL', reason: 'is given both directly and as DATABASE_URL_FILE' },
    ]);
  });

  it('says that a file cannot be read without naming it', () => {
    const { DATABASE_URL: _, ...rest } = complete;
    const problems = problemsOf({ ...rest, DATABASE_URL_FILE: join(folder, 'absent') });
    expect(problems).toEqual([
      { name: 'DATABASE_URL', reason: 'the file of DATABASE_URL_FILE cannot be read (ENOENT)' },
    ]);
  });

  it('reads files for secrets only', () => {
    const read = readConfiguration(PLATFORM_SECTIONS, { ...complete, HTTP_HOST_FILE: '/nowhere' });
    expect(read.section(HttpConfig).host).toBe('127.0.0.1');
  });
});

describe('printing a secret', () => {
  it('shows a placeholder in text, JSON and listings', () => {
    const secret = new Secret('hunter-two');
    const shown = [
      String(secret),
      JSON.stringify({ secret }),
      inspect({ secret }, { showHidden: true }),
    ];
    expect(shown.join()).not.toContain('hunter-two');
    expect(shown.join()).toContain('[secret]');
  });
});

describe('printing the table of variables', () => {
  it('has one row per variable, with the default or its absence', () => {
    const table = configTable(PLATFORM_SECTIONS);
    expect(table).toContain('| `HTTP_PORT` | `8000` |');
    expect(table).toContain('| `DATABASE_URL` | required, secret |');
  });

  it('knows which variables are secret', () => {
    expect(secretNames(PLATFORM_SECTIONS)).toEqual([
      'DATABASE_URL',
      'EVENTSTORE_URL',
      'PERSONAL_DATA_MASTER_KEY',
      'PERSONAL_DATA_PREVIOUS_MASTER_KEY',
      'PERSONAL_DATA_INDEX_KEY',
      'TRACING_OTLP_AUTHORIZATION',
      'SENTRY_DSN',
    ]);
  });
});
