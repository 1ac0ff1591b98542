import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

/** What the seeding command tells of the merchant that it made. */
export interface SeededMerchant {
  readonly apiKey: string;
  readonly receivingAccountId: string;
  readonly venezuelaAccountId: string | null;
}

/** Makes the merchant, its accounts (the second one at Banco de Venezuela) and the key with the product's own command. */
export async function seedMerchant(
  environment: Record<string, string>,
  [account = '', venezuela]: readonly string[],
): Promise<SeededMerchant> {
  const folder = await mkdtemp(join(tmpdir(), 'test-seed-'));
  const file = join(folder, 'merchant.json');
  try {
    await run(
      process.execPath,
      [
        '--import',
        join(ROOT, 'test/support/run-typescript.mjs'),
        join(ROOT, 'src/cli/main.ts'),
        'seed',
        '--account',
        account,
        ...(venezuela === undefined ? [] : ['--venezuela-account', venezuela]),
        '--out',
        file,
      ],
      { cwd: ROOT, env: { PATH: process.env['PATH'], ...environment } },
    );
    return JSON.parse(await readFile(file, 'utf8')) as SeededMerchant;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
