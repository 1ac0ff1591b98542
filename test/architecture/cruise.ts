import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

export interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

interface CruiseResult {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly {
      readonly rule: { readonly name: string };
      readonly from: string;
      readonly to: string;
    }[];
  };
}

export const repositoryRoot = resolve(import.meta.dirname, '../..');
const cruiser = resolve(
  repositoryRoot,
  'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
);
const rules = resolve(repositoryRoot, 'test/architecture/dependency-rules.cjs');

/** Runs the rules over the `src` of a directory. In its own process, since the cruiser needs Node's own loader. */
export function cruise(directory: string): { files: string[]; violations: Violation[] } {
  const run = spawnSync(
    process.execPath,
    [cruiser, '--config', rules, '--output-type', 'json', 'src'],
    { cwd: directory, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (run.stdout === '') throw new Error(`the cruiser said nothing: ${run.stderr}`);
  const result = JSON.parse(run.stdout) as CruiseResult;
  return {
    files: result.modules.map((module) => module.source),
    violations: result.summary.violations.map(({ rule, from, to }) => ({
      rule: rule.name,
      from,
      to: to.replace(/^.*node_modules\//, ''),
    })),
  };
}
