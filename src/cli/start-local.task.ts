import { resolve } from 'node:path';
import { LocalRun, type LocalRunOptions } from './local/local-run.js';
import { runSamples, type SampleRun } from './local/sample-run.js';
import { untilAsked } from './local/until-asked.js';
import { COMPRESSED } from './local/stack.js';
import { EXIT_INTERRUPTED, UsageError, type OptionValues, type Task } from './task.js';

const say = (line: string): void => console.log(line);

function portOf(value: OptionValues[string]): number {
  const port = Number.parseInt(String(value), 10);
  if (!/^\d+$/.test(String(value)) || port > 65_535) throw new UsageError('--port takes a port');
  return port;
}

const runOptions = (values: OptionValues): LocalRunOptions => ({
  directory: resolve(String(values['data'])),
  programs: resolve(import.meta.dirname, '..'),
  servicePort: portOf(values['port']),
  samples: resolve(String(values['samples'])),
});

function explain(): void {
  say(
    `Compressed by configuration: the bank allows ${COMPRESSED.limitCalls} calls per ` +
      `${COMPRESSED.limitWindowMs / 1_000} s instead of 2 per 60 s; claims are asked about after ` +
      `${COMPRESSED.scheduleSeconds} s instead of over hours, and a payment counts as not visible after ` +
      `${COMPRESSED.visibleWithinSeconds} s instead of a day.`,
  );
}

function invite(run: LocalRun, samples: SampleRun): void {
  const { url, bankUrl } = run.stack;
  say('');
  say(`API        ${url}/api/v1`);
  say(`Docs       ${url}/docs`);
  say(`Metrics    ${url}/metrics`);
  say(`Sandbox    ${bankUrl}/admin/state (with the header x-sandbox-admin: 1)`);
  say(`Data       ${run.folder.path} (logs in logs/, the API key in demo-merchant.json)`);
  say('');
  say(`curl -s -H 'authorization: Bearer ${samples.apiKey}' '${url}/api/v1/transactions?limit=3'`);
}

const figures = (samples: SampleRun, seconds: number): string =>
  JSON.stringify({
    claims: samples.claims,
    ...samples.counts,
    bank_calls: samples.bankCalls,
    seconds: Math.round(seconds * 10) / 10,
  });

async function runOnce(options: LocalRunOptions, once: boolean): Promise<number> {
  const began = performance.now();
  const asked = untilAsked();
  const run = await LocalRun.prepare(options, say);
  try {
    explain();
    const work = run.start(options, say).then((demo) => runSamples(run, options, demo, say));
    const samples = await Promise.race([work, asked.stop, run.supervisor.broken]);
    if (samples === 'asked') return EXIT_INTERRUPTED;
    say(samples.table);
    if (!once) {
      invite(run, samples);
      say('\nServing until Ctrl-C.');
      await Promise.race([asked.stop, run.supervisor.broken]);
      return 0;
    }
    await run.stop();
    say(figures(samples, (performance.now() - began) / 1_000));
    return samples.surprises === 0 ? 0 : 1;
  } finally {
    asked.forget();
    if (!run.stopped) {
      say('Stopping ...');
      await run.stop();
      say('Stopped.');
    }
  }
}

export const startLocalTask: Task = {
  options: {
    data: { type: 'string', summary: 'where everything is kept', default: '.data/local' },
    samples: { type: 'string', summary: 'the folder of sample claims', default: 'samples' },
    port: { type: 'string', summary: 'preferred port of the API', default: '8000' },
    once: { type: 'boolean', summary: 'end after the last verdict; exit 1 if one is unexpected' },
  },
  run: (values) => runOnce(runOptions(values), values['once'] === true),
};
