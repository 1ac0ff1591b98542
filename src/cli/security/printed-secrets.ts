import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Finding } from './finding.js';
import type { ConfiguredSecret } from './secret-checks.js';

// What a checkout shows to everybody. Folders of secrets lie elsewhere, and must not be found here.
const SHOWN = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'docker-compose.yml',
  'docker-compose.prod.yml',
  '.github',
  'clients',
  'deploy',
  'docs',
  'monitoring',
  'samples',
  'scripts',
  'terraform',
] as const;

const READ = /\.(md|ya?ml|json|jsonl|sh|conf|tf|example|ts|csv)$/;
const SKIPPED = /(^|\/)(node_modules|secrets|\.terraform)(\/|$)|\.tfvars$/;
const LARGEST_BYTES = 2_000_000;
// Shorter ones stand in any text by chance.
const SHORTEST = 8;

async function filesBelow(path: string): Promise<readonly string[]> {
  const known = await stat(path).catch(() => null);
  if (known === null || SKIPPED.test(path)) return [];
  if (known.isDirectory()) {
    const names = await readdir(path);
    return (await Promise.all(names.map((name) => filesBelow(join(path, name))))).flat();
  }
  return READ.test(path) && known.size <= LARGEST_BYTES ? [path] : [];
}

const written = ({ value }: ConfiguredSecret): string =>
  typeof value === 'string' ? value : value.toString('base64');

/** Secrets that stand in a document, sample or compose file of the checkout: the first such file of each. */
export async function findPrintedSecrets(
  secrets: readonly ConfiguredSecret[],
  root: string,
): Promise<readonly Finding[]> {
  const looked = secrets.filter((secret) => written(secret).length >= SHORTEST);
  const found = new Map<string, Finding>();
  const files = (await Promise.all(SHOWN.map((name) => filesBelow(join(root, name))))).flat();
  for (const path of files) {
    const text = await readFile(path, 'utf8');
    for (const secret of looked) {
      if (found.has(secret.name) || !text.includes(written(secret))) continue;
      found.set(secret.name, {
        setting: secret.name,
        problem: `is printed in ${relative(root, path)}`,
        mend: 'replace it; everybody has read it',
      });
    }
  }
  return [...found.values()];
}
