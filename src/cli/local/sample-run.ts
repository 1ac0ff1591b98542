import { setTimeout as delay } from 'node:timers/promises';
import type { SandboxAdmin } from './sandbox-admin.js';
import type { ClaimsApi } from './claims-api.js';
import type { ProgressLine } from './progress-line.js';
import { chains, type SampleClaim } from './sample-claims.js';
import { allSettled, countStatuses, type Shown, type Submitted } from './verdicts.js';

const CONCURRENCY = 16;
const LOOK_EVERY_MS = 1_000;
// Far beyond what the compressed schedule needs; what is still open then is shown as pending.
const WATCH_FOR_MS = 120_000;

/** Submits the claims, those about one movement in their order, and answers who carries each. */
export async function submitSamples(
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
export async function watchVerdicts(
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
