// Lets a child process of a test run our TypeScript as it stands, with the same compiler as jest:
// node --import ./test/support/run-typescript.mjs src/…/something.main.ts
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const OPTIONS = {
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

const require = createRequire(import.meta.url);
// Beside the packages, which go when the compiler changes: `npm ci` empties the folder, cache and all.
const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/run-typescript');
const ABOUT = JSON.stringify([require('@swc/core/package.json').version, OPTIONS]);

const isOurs = (url) => url?.startsWith('file:') && !url.includes('/node_modules/');

registerHooks({
  resolve(specifier, context, next) {
    // A thread is started by the whole address of its file.
    if (
      (isOurs(specifier) || isOurs(context.parentURL)) &&
      /^(\.{1,2}\/|file:).*\.js$/.test(specifier)
    ) {
      const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
      if (existsSync(source)) return next(source.href, context);
    }
    return next(specifier, context);
  },
  load(url, context, next) {
    if (!isOurs(url) || !url.endsWith('.ts')) return next(url, context);
    return { format: 'module', source: compiled(fileURLToPath(url)), shortCircuit: true };
  },
});

/** A run of the suite starts a hundred processes of the same 700 files, each of which is compiled once. */
function compiled(filename) {
  const text = readFileSync(filename, 'utf8');
  const name = createHash('sha256')
    .update(ABOUT)
    .update(filename)
    .update('\0')
    .update(text)
    .digest('hex');
  const kept = join(CACHE, name.slice(0, 2), name);
  try {
    return readFileSync(kept, 'utf8');
  } catch {
    const { code } = require('@swc/core').transformSync(text, { filename, ...OPTIONS });
    keep(kept, code);
    return code;
  }
}

/** Others read it only once it is whole. What cannot be kept is compiled again. */
function keep(file, code) {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, code);
    renameSync(unfinished, file);
  } catch {}
}
