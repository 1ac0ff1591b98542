import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ClaimsApi } from './claims-api.js';
import type { LocalRun } from './local-run.js';
import type { MerchantBackend } from './merchant-backend.js';
import type { ProgressLine } from './progress-line.js';
import { chains, readSampleClaims, type SampleClaim } from './sample-claims.js';
import { SandboxAdmin } from './sandbox-admin.js';
import {
  allSettled,
  type Counts,
  countStatuses,
  endedIds,
  type Shown,
  type Submitted,
  summaryTable,
  surprises,
} from './verdicts.js';

const CONCURRENCY = 16;
const LOOK_EVERY_MS = 1_000;
// Far beyond what the compressed schedule needs; what is still open then is shown as pending.
const WATCH_FOR_MS = 120_000;
// A message leaves within a second of its verdict, unless the machine is busy.
const WEBHOOKS_WITHIN_MS = 30_000;

/** What a run of the samples came to. */
export interface Outcome {
  readonly claims: number;
  readonly counts: Counts;
  readonly bankCalls: number;
  readonly table: string;
  readonly unexpected: number;
  /** Whether an earlier run had settled claims of this data. */
  readonly isContinued: boolean;
}

/** Submits the claims, those about one movement in their order, and answers who carries each. */
async function submitSamples(
  api: ClaimsApi,
  claims: readonly SampleClaim[],
  progress: ProgressLine,
): Promise<Submitted[]> {
  const waiting = chains(claims);
  const submitted: Submitted[] = [];
  const work = async (): Promise<void> => {
    for (let chain = waiting.shift(); chain !== undefined; chain = waiting.shift()) {
      for (const { group, expected, body } of chain) {
        const { id } = await api.submit(body);
        submitted.push({ group, expected, transactionId: id });
        progress.show(`Submitted ${submitted.length} of ${claims.length} claims`);
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  progress.end(`Submitted ${claims.length} claims.`);
  return submitted;
}

const describe = (shown: Shown, submitted: readonly Submitted[], calls: number): string => {
  const { pending, ...ended } = countStatuses(shown, submitted);
  const words = Object.entries(ended).map(([status, count]) => `${count} ${status}`);
  return `${[...words, `${pending} pending`].join(', ')}; the bank was asked ${calls} times`;
};

/** Looks again and again until every claim has its verdict or is one that honestly stays open. */
async function watchVerdicts(
  api: ClaimsApi,
  bank: SandboxAdmin,
  submitted: readonly Submitted[],
  progress: ProgressLine,
): Promise<Shown> {
  const deadline = performance.now() + WATCH_FOR_MS;
  for (;;) {
    const [shown, { calls }] = await Promise.all([api.all(), bank.state()]);
    const words = describe(shown, submitted, calls);
    if (allSettled(shown, submitted) || performance.now() > deadline) {
      progress.end(words);
      return shown;
    }
    progress.show(words);
    await delay(LOOK_EVERY_MS);
  }
}

/** Submits the samples, waits for their verdicts, and for the webhooks that tell of them. */
export async function runSamples(
  run: LocalRun,
  backend: MerchantBackend,
  samples: string,
  progress: ProgressLine,
): Promise<Outcome> {
  const { receivingAccountId, apiKey } = await run.demoMerchant();
  const api = new ClaimsApi(run.stack.url, apiKey);
  backend.trust(await api.tellVerdictsTo(backend.url));
  const endedBefore = new Set(endedIds(await api.all()));
  const bank = new SandboxAdmin(run.stack.bankUrl);
  const before = await bank.state();
  const csv = await readFile(join(samples, 'claims.csv'), 'utf8');
  const claims = readSampleClaims(csv, before.anchor_on, receivingAccountId);
  const submitted = await submitSamples(api, claims, progress);
  const shown = await watchVerdicts(api, bank, submitted, progress);
  const ended = endedIds(shown).filter((id) => !endedBefore.has(id));
  progress.interrupt(await webhooksInWords(backend, ended));
  const after = await bank.state();
  if (after.breaches > before.breaches) {
    progress.interrupt(`THE BANK'S LIMIT WAS BROKEN: ${after.breaches} times`);
  }
  return {
    claims: claims.length,
    counts: countStatuses(shown, submitted),
    bankCalls: after.calls - before.calls,
    table: summaryTable(shown, submitted),
    unexpected:
      surprises(shown, submitted).length + after.breaches - before.breaches + backend.refused,
    isContinued: endedBefore.size > 0,
  };
}

/** What is late is only said: a webhook may be repeated for days. */
async function webhooksInWords(
  backend: MerchantBackend,
  ended: readonly string[],
): Promise<string> {
  const told = await backend.toldOf(ended, WEBHOOKS_WITHIN_MS);
  const signatures =
    backend.refused === 0
      ? 'every signature was good'
      : `${backend.refused} MESSAGES WITH A BAD SIGNATURE`;
  return `Webhooks told the merchant's backend of ${told} of ${ended.length} verdicts; ${signatures}.`;
}
