import { jest } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFIG_SECTIONS } from '../../app.module.js';
import { secretNames } from '../../platform/config/config-table.js';
import { SystemRandomSource } from '../../kernel/ids.js';
import { UsageError } from '../task.js';
import { generateSecrets, GIVEN_BY_OTHERS } from './generated-secrets.js';
import { secretsGenerateTask } from './secrets-generate.task.js';
import { weaknessOfKey, weaknessOfPassword } from './weak-secrets.js';

const PLACES = { database: 'postgres:5432/constancia', eventStore: 'events:2113', redis: 'redis' };
const DEFAULTS = { database: 'postgres:5432/c', 'event-store': 'events:2113', redis: 'redis:6379' };

const modeOf = async (path: string): Promise<string> =>
  ((await stat(path)).mode & 0o777).toString(8);

describe('making secrets', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'secrets-'));
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await rm(folder, { recursive: true });
  });

  const generate = (values: Record<string, string | boolean>) =>
    secretsGenerateTask.run({ ...DEFAULTS, ...values });

  it('knows where every secret of the configuration comes from', () => {
    const made = generateSecrets(new SystemRandomSource(), PLACES).map(({ name }) => name);
    const known = new Set([...made, ...Object.keys(GIVEN_BY_OTHERS)]);
    expect(secretNames(CONFIG_SECTIONS).filter((name) => !known.has(name))).toEqual([]);
  });

  it('makes each anew, strong, and no two alike', () => {
    const [one, other] = [1, 2].map(() => generateSecrets(new SystemRandomSource(), PLACES));
    for (const { name, value } of one ?? []) {
      const weakness = name.endsWith('_KEY')
        ? weaknessOfKey(Buffer.from(value, 'base64'))
        : weaknessOfPassword(value.replace('constancia:', '').replace('/constancia', ''));
      expect([name, weakness]).toEqual([name, null]);
    }
    const values = [...(one ?? []), ...(other ?? [])].map(({ value }) => value);
    expect(new Set(values).size).toBe(values.length);
  });

  it('puts the same password into the address of a store and beside it', () => {
    const byName = Object.fromEntries(
      generateSecrets(new SystemRandomSource(), PLACES).map(({ name, value }) => [name, value]),
    );
    expect(byName['DATABASE_URL']).toBe(
      `postgresql://constancia:${byName['POSTGRES_PASSWORD']}@postgres:5432/constancia`,
    );
    expect(byName['REDIS_URL']).toBe(`redis://:${byName['REDIS_PASSWORD']}@redis`);
  });

  it('writes a file that its owner alone may read, and never over another', async () => {
    const out = join(folder, 'secrets.env');
    expect(await generate({ all: true, out })).toBe(0);
    const first = await readFile(out, 'utf8');
    expect(await modeOf(out)).toBe('600');
    expect(first).toMatch(/^PERSONAL_DATA_MASTER_KEY=\S{44}\n/);

    await expect(generate({ all: true, out })).rejects.toThrow(UsageError);
    expect(await readFile(out, 'utf8')).toBe(first);
    expect(await generate({ all: true, out, force: true })).toBe(0);
    expect(await readFile(out, 'utf8')).not.toBe(first);
    expect(await modeOf(out)).toBe('600');
  });

  it('fills a folder with one file each, or with none where one is there already', async () => {
    const directory = join(folder, 'secrets');
    expect(await generate({ all: true, directory })).toBe(0);
    expect(await modeOf(directory)).toBe('700');
    expect(await modeOf(join(directory, 'database-url'))).toBe('600');
    expect(await readFile(join(directory, 'event-store-passwords.env'), 'utf8')).toMatch(
      /^KURRENTDB_DEFAULT_ADMIN_PASSWORD=\S+\nKURRENTDB_DEFAULT_OPS_PASSWORD=\S+\n$/,
    );
    for (const file of await readdir(directory)) {
      if (file !== 'redis-url') await rm(join(directory, file));
    }
    await expect(generate({ all: true, directory })).rejects.toThrow('redis-url is there already');
    expect(await readdir(directory)).toEqual(['redis-url']);
  });

  it.each([
    [{}, 'either --all or --only'],
    [{ all: true, only: 'DATABASE_URL' }, 'either --all or --only'],
    [{ only: 'BANESCO_CLIENT_SECRET' }, 'from the bank'],
    [{ only: 'NOTHING_LIKE_IT' }, 'must be one of PERSONAL_DATA_MASTER_KEY'],
    [{ all: true, out: 'a', directory: 'b' }, 'either --out or --directory'],
  ])('refuses %j', async (values, reason) => {
    await expect(generate(values)).rejects.toThrow(reason);
  });
});
