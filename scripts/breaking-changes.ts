// Compares the API's document with that of another commit (BASE_REF, else main) and fails on what would break a client.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { breakingChanges, type ApiDescription } from './api-differences.js';

const FILE = 'docs/api/openapi.json';
const base = process.env['BASE_REF'] ?? 'main';

function documentAt(ref: string): ApiDescription | null {
  try {
    const text = execFileSync('git', ['show', `${ref}:${FILE}`], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return JSON.parse(text) as ApiDescription;
  } catch {
    // The commit has no document: there is nothing that could break.
    return null;
  }
}

const before = documentAt(base);
const after = JSON.parse(readFileSync(FILE, 'utf8')) as ApiDescription;
const changes = before === null ? [] : breakingChanges(before, after);
for (const change of changes) console.error(change);
console.log(before === null ? `${base} has no document.` : `${changes.length} breaking changes.`);
process.exitCode = changes.length === 0 ? 0 : 1;
