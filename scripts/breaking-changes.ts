// Compares the API's document with that of another commit (BASE_REF, else main) and fails on what would break a client,
// unless docs/api/intended-changes.json names it, in the same words, with the reason.
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
// What is meant all the same, each with its reason; it goes with the release that brings it.
const intended = JSON.parse(readFileSync('docs/api/intended-changes.json', 'utf8')) as readonly {
  readonly change: string;
  readonly why: string;
}[];
const all = before === null ? [] : breakingChanges(before, after);
const changes = all.filter((one) => !intended.some(({ change }) => change === one));
for (const change of changes) console.error(change);
const counts = `${changes.length} breaking changes, ${all.length - changes.length} intended ones.`;
console.log(before === null ? `${base} has no document.` : counts);
process.exitCode = changes.length === 0 ? 0 : 1;
