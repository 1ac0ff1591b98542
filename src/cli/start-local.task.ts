import { join, resolve } from 'node:path';
import { HeardVerdicts } from './local/heard-verdicts.js';
import { LocalRun } from './local/local-run.js';
import { MerchantBackend } from './local/merchant-backend.js';
import { freePort } from './local/ports.js';
import { ProgressLine } from './local/progress-line.js';
import { type Outcome, runSamples } from './local/sample-run.js';
import { COMPRESSED } from './local/stack.js';
import { untilAsked } from './local/until-asked.js';
import { EXIT_INTERRUPTED, UsageError, type OptionValues, type Task } from './task.js';

const DEFAULT_DATA = '.data/local';

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
  const { limitCalls, limitWindowMs, repeatSeconds, visibleWithinSeconds, pauseMs } = COMPRESSED;
  say(
    'Compressed by configuration, so that days fit into a minute:\n' +
      `  the bank allows ${limitCalls} calls in ${limitWindowMs / 1_000} s (a contract says 2 in 60 s),\n` +
      `  a claim is asked about at once, then ${repeatSeconds} s after each answer (otherwise over more than an hour),\n` +
      `  counts as not paid in time after ${visibleWithinSeconds} s (otherwise after a day, or 72 banking hours),\n` +
      `  and a bank that is in maintenance is left alone for ${pauseMs / 1_000} s (otherwise for ten minutes).`,
  );
}

async function invite(run: LocalRun, backend: MerchantBackend): Promise<void> {
  const { url, bankUrl } = run.stack;
  const { apiKey } = await run.demoMerchant();
  const { path } = run.folder;
  const data = path === resolve(DEFAULT_DATA) ? '' : `DATA='${path}' `;
  say(`
API       ${url}/api/v1
Docs      ${url}/docs
Metrics   ${url}/metrics
Sandbox   ${bankUrl}/admin/state (with the header x-sandbox-admin: 1)
Webhooks  ${backend.url} is told of each verdict; it is printed below
Data      ${path} (logs/ has a log per process, demo-merchant.json the API key and people to sign in as)

Try:
  curl -s -H 'authorization: Bearer ${apiKey}' '${url}/api/v1/transactions?status=needs_review&limit=2'
  ${data}npm run --silent cli:local -- projections list

Serving until Ctrl-C.`);
}

const figures = ({ claims, counts, bankCalls }: Outcome, began: number): string =>
  JSON.stringify({
    claims,
    ...counts,
    bank_calls: bankCalls,
    seconds: Math.round((performance.now() - began) / 100) / 10,
  });

interface Demo {
  readonly samples: string;
  readonly once: boolean;
  readonly asked: Promise<'asked'>;
}

async function work(run: LocalRun, { samples, once }: Demo): Promise<Outcome> {
  const heard = new HeardVerdicts(say);
  const port = await freePort("the merchant's backend", 8091, say);
  const backend = await MerchantBackend.listen(port, heard.hear);
  run.atTheEnd(() => backend.close());
  await run.start(join(samples, 'movements.jsonl'));
  const outcome = await runSamples(run, backend, samples, progress);
  say(`\n${outcome.table}`);
  if (outcome.isContinued && outcome.unexpected > 0) {
    say('\nWhat differs may have been decided by a person since; make clean-data begins anew.');
  }
  heard.showEach();
  if (!once) await invite(run, backend);
  return outcome;
}

/** Answers null when it was asked to stop before the samples were through. */
async function demonstrate(run: LocalRun, demo: Demo): Promise<Outcome | null> {
  explainCompression();
  const interrupted = Promise.race([demo.asked, run.supervisor.broken]);
  const outcome = await Promise.race([work(run, demo), interrupted]);
  if (outcome === 'asked') return null;
  if (!demo.once) await interrupted;
  return outcome;
}

async function startLocal(values: OptionValues): Promise<number> {
  const began = performance.now();
  const once = values['once'] === true;
  const options = {
    directory: resolve(String(values['data'])),
    programs: resolve(import.meta.dirname, '..'),
    servicePort: portOf(values['port']),
  };
  const asked = untilAsked();
  const run = await LocalRun.prepare(options, say);
  try {
    const samples = resolve(String(values['samples']));
    const outcome = await demonstrate(run, { samples, once, asked: asked.stop });
    if (outcome === null) {
      await run.stop();
      // What still asks the service, which is gone, would go on for a minute.
      process.exit(EXIT_INTERRUPTED);
    }
    if (!once) return 0;
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
    data: { type: 'string', summary: 'where everything is kept', default: DEFAULT_DATA },
    samples: { type: 'string', summary: 'the folder of the samples', default: 'samples' },
    port: { type: 'string', summary: 'the preferred port of the service', default: '8000' },
    once: { type: 'boolean', summary: 'end after the verdicts; exit 1 if one is unexpected' },
  },
  run: startLocal,
};
