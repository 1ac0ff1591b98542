import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ClaimsApi } from './local/claims-api.js';
import { LocalRun } from './local/local-run.js';
import { ProgressLine } from './local/progress-line.js';
import { readSampleClaims } from './local/sample-claims.js';
import { submitSamples, watchVerdicts } from './local/sample-run.js';
import { SandboxAdmin } from './local/sandbox-admin.js';
import { COMPRESSED } from './local/stack.js';
import { untilAsked } from './local/until-asked.js';
import { type Counts, countStatuses, summaryTable, surprises } from './local/verdicts.js';
import { EXIT_INTERRUPTED, UsageError, type OptionValues, type Task } from './task.js';

interface Outcome {
  readonly claims: number;
  readonly counts: Counts;
  readonly bankCalls: number;
  readonly table: string;
  readonly unexpected: number;
}

const progress = new ProgressLine();
const say = (line: string): void => progress.interrupt(line);

function portOf(value: OptionValues[string]): number {
  const port = Number.parseInt(String(value), 10);
  if (!/^\d{1,5}$/.test(String(value)) || port > 65_535) {
    throw new UsageError(`--port takes a number up to 65535, not "${String(value)}"`);
  }
  return port;
}

function explainCompression(): void {
  const { limitCalls, limitWindowMs, scheduleSeconds, visibleWithinSeconds } = COMPRESSED;
  say(
    'Compressed by configuration, so that days fit into a minute:\n' +
      `  the bank allows ${limitCalls} calls in ${limitWindowMs / 1_000} s (a contract says 2 in 60 s),\n` +
      `  a claim is asked about ${scheduleSeconds} s after the answer before (otherwise over more than an hour),\n` +
      `  and counts as not paid in time after ${visibleWithinSeconds} s (otherwise after a day, or 72 banking hours).`,
  );
}

async function runSamples(run: LocalRun, samples: string): Promise<Outcome> {
  const { receivingAccountId, apiKey } = await run.demoMerchant();
  const bank = new SandboxAdmin(run.stack.bankUrl);
  const before = await bank.state();
  const csv = await readFile(join(samples, 'claims.csv'), 'utf8');
  const claims = readSampleClaims(csv, before.anchor_on, receivingAccountId);
  const api = new ClaimsApi(run.stack.url, apiKey);
  const submitted = await submitSamples(api, claims, progress);
  const shown = await watchVerdicts(api, bank, submitted, progress);
  const after = await bank.state();
  if (after.breaches > before.breaches) say(`THE BANK'S LIMIT WAS BROKEN: ${after.breaches} times`);
  return {
    claims: claims.length,
    counts: countStatuses(shown, submitted),
    bankCalls: after.calls - before.calls,
    table: summaryTable(shown, submitted),
    unexpected: surprises(shown, submitted).length + after.breaches - before.breaches,
  };
}

async function invite(run: LocalRun): Promise<void> {
  const { url, bankUrl } = run.stack;
  const { apiKey } = await run.demoMerchant();
  say(`
API       ${url}/api/v1
Docs      ${url}/docs
Metrics   ${url}/metrics
Sandbox   ${bankUrl}/admin/state (with the header x-sandbox-admin: 1)
Data      ${run.folder.path} (logs/ has a log per process, demo-merchant.json the API key)

Try:
  curl -s -H 'authorization: Bearer ${apiKey}' '${url}/api/v1/transactions?status=needs_review&limit=2'

Serving until Ctrl-C.`);
}

const figures = ({ claims, counts, bankCalls }: Outcome, began: number): string =>
  JSON.stringify({
    claims,
    ...counts,
    bank_calls: bankCalls,
    seconds: Math.round((performance.now() - began) / 100) / 10,
  });

async function work(run: LocalRun, samples: string, once: boolean): Promise<Outcome> {
  await run.start(join(samples, 'movements.jsonl'));
  const outcome = await runSamples(run, samples);
  say(`\n${outcome.table}`);
  if (!once) await invite(run);
  return outcome;
}

async function startLocal(values: OptionValues): Promise<number> {
  const began = performance.now();
  const samples = resolve(String(values['samples']));
  const once = values['once'] === true;
  const options = {
    directory: resolve(String(values['data'])),
    programs: resolve(import.meta.dirname, '..'),
    servicePort: portOf(values['port']),
  };
  const asked = untilAsked();
  const run = await LocalRun.prepare(options, say);
  try {
    explainCompression();
    const interrupted = Promise.race([asked.stop, run.supervisor.broken]);
    const outcome = await Promise.race([work(run, samples, once), interrupted]);
    if (outcome === 'asked') return EXIT_INTERRUPTED;
    if (!once) {
      await interrupted;
      return 0;
    }
    await run.stop();
    // The last line, for whoever reads it by machine.
    console.log(figures(outcome, began));
    return outcome.unexpected === 0 ? 0 : 1;
  } finally {
    await run.stop();
    asked.forget();
  }
}

export const startLocalTask: Task = {
  options: {
    data: { type: 'string', summary: 'where everything is kept', default: '.data/local' },
    samples: { type: 'string', summary: 'the folder of the samples', default: 'samples' },
    port: { type: 'string', summary: 'the preferred port of the service', default: '8000' },
    once: { type: 'boolean', summary: 'end after the verdicts; exit 1 if one is unexpected' },
  },
  run: startLocal,
};
