// Asks a running Prometheus every query of every committed dashboard, as Grafana would over the last minutes, and fails on
// one that is refused or, after `--within` seconds, still returns no point. `--allow-empty` names panels that may have none, such as those of a second bank.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';

const { values } = parseArgs({
  options: {
    prometheus: { type: 'string', default: 'http://127.0.0.1:9090' },
    minutes: { type: 'string', default: '3' },
    within: { type: 'string', default: '0' },
    'allow-empty': { type: 'string', multiple: true, default: [] },
  },
});

const dashboard = z.object({
  panels: z.array(
    z.object({
      title: z.string().optional(),
      targets: z.array(z.object({ expr: z.string() })).optional(),
    }),
  ),
});
const answer = z.object({
  status: z.string(),
  error: z.string().optional(),
  data: z
    .object({ result: z.array(z.object({ values: z.array(z.tuple([z.number(), z.string()])) })) })
    .optional(),
});

const seconds = Number.parseInt(values.minutes, 10) * 60;
const folder = join(import.meta.dirname, '..', 'monitoring', 'grafana', 'dashboards');

async function pointsOf(expression: string): Promise<number> {
  const end = Math.floor(Date.now() / 1_000);
  const query = expression
    .replaceAll('$__rate_interval', '1m')
    .replaceAll('$__range', `${values.minutes}m`);
  const response = await fetch(`${values.prometheus}/api/v1/query_range`, {
    method: 'POST',
    body: new URLSearchParams({
      query,
      start: String(end - seconds),
      end: String(end),
      step: '15',
    }),
    signal: AbortSignal.timeout(10_000),
  });
  const { status, error, data } = answer.parse(await response.json());
  if (status !== 'success') throw new Error(error ?? status);
  // A share of nothing is no number, and Grafana draws none.
  return (data?.result ?? [])
    .flatMap((series) => series.values)
    .filter(([, value]) => value !== 'NaN').length;
}

interface Asked {
  readonly queries: number;
  readonly wrong: readonly string[];
}

async function askEveryPanel(): Promise<Asked> {
  let queries = 0;
  const wrong: string[] = [];
  for (const file of readdirSync(folder)) {
    for (const { title = '', targets = [] } of dashboard.parse(
      JSON.parse(readFileSync(join(folder, file), 'utf8')),
    ).panels) {
      for (const { expr } of targets) {
        queries += 1;
        const outcome = await pointsOf(expr).catch((error: unknown) => String(error));
        if (typeof outcome === 'string') wrong.push(`${file}: ${title}: ${outcome}`);
        else if (outcome === 0 && !values['allow-empty'].includes(title))
          wrong.push(`${file}: ${title}: no point: ${expr}`);
      }
    }
  }
  return { queries, wrong };
}

// Verdicts, and the scrapes that a rate needs, come when they come.
const giveUpAt = Date.now() + Number.parseInt(values.within, 10) * 1_000;
let asked = await askEveryPanel();
while (asked.wrong.length > 0 && Date.now() < giveUpAt) {
  await delay(2_000);
  asked = await askEveryPanel();
}
const { queries, wrong } = asked;
console.log(`${queries} queries, ${wrong.length} without an answer`);
for (const line of wrong) console.log(line);
process.exitCode = wrong.length === 0 && queries > 0 ? 0 : 1;
