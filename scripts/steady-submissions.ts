// Submits distinct claims at a steady pace for a while and repeats none: every answer but 202 is counted as a failure.
// Prints one line of JSON. Used while instances are replaced, to show that nobody notices.
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8000' },
    key: { type: 'string', default: 'demo-merchant.json' },
    seconds: { type: 'string', default: '20' },
    'per-second': { type: 'string', default: '20' },
  },
});
const merchant = z
  .object({ receivingAccountId: z.string(), apiKey: z.string() })
  .parse(JSON.parse(await readFile(values.key, 'utf8')));
const seconds = Number.parseInt(values.seconds, 10);
const perSecond = Number.parseInt(values['per-second'], 10);

// Twelve digits that no earlier run has used.
const first = Date.now() % 1_000_000_000;
const outcomes = new Map<string, number>();
const latencies: number[] = [];

async function submit(position: number): Promise<void> {
  const began = performance.now();
  const outcome = await fetch(`${values.url}/api/v1/transactions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${merchant.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      external_id: `steady-${first}-at${position}`,
      kind: 'pago_movil',
      receiving_account_id: merchant.receivingAccountId,
      origin_bank: '0102',
      reference: String(100_000_000_000 + first + position),
      amount: 10_000 + position,
      currency: 'VES',
      paid_on: new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Caracas' }).format(new Date()),
      payer: { phone: '04120000000' },
    }),
    signal: AbortSignal.timeout(15_000),
  }).then(
    async (response) => {
      await response.arrayBuffer();
      return String(response.status);
    },
    (error: unknown) => (error instanceof Error ? error.name : 'unknown'),
  );
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  latencies.push(performance.now() - began);
}

const running: Promise<void>[] = [];
const began = performance.now();
for (let position = 0; position < seconds * perSecond; position += 1) {
  running.push(submit(position));
  await delay(Math.max(0, began + ((position + 1) * 1_000) / perSecond - performance.now()));
}
await Promise.all(running);

const sorted = latencies.toSorted((a, b) => a - b);
const at = (share: number): number => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
const failed = running.length - (outcomes.get('202') ?? 0);
console.log(
  JSON.stringify({
    submitted: running.length,
    failed,
    outcomes: Object.fromEntries(outcomes),
    p50_ms: at(0.5),
    p99_ms: at(0.99),
  }),
);
process.exitCode = failed === 0 ? 0 : 1;
