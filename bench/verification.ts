// How well the verifier spends the bank's permits: a week of claims in virtual time, with listings and without.
// npm run bench:verification [-- --claims 10000 --days 7 --seed 1 --only with_sweeps]
import { parseArgs } from 'node:util';
import { addDays, localDateAt, type LocalDate } from '../src/kernel/local-date.js';
import { type Case, QuietWorld, type QuietOutcome } from '../test/simulation/quiet-world.js';
import type { Estimate } from '../test/simulation/estimate-record.js';
import { fixture, type FixtureSettings } from './verification/fixture.js';
import { type Listing, type Need, offlineCalls } from './verification/offline.js';

const LISTING_CEILING = 500;
const LISTING_DAYS = 30;
const HOUR_MS = 3_600_000;
const EXPLAIN_EVERY_MS = 60_000;
// The contract's window and our margin: no two calls more can be allowed sooner.
const CALLS_PER_WINDOW = 2;
const WINDOW_AND_MARGIN_MS = 60_500;

const { values } = parseArgs({
  options: {
    claims: { type: 'string', default: '10000' },
    days: { type: 'string', default: '7' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});

const SETTINGS: FixtureSettings = {
  seed: Number(values.seed),
  claims: Number(values.claims),
  days: Number(values.days),
  accounts: 5,
  merchants: 20,
  neverVisible: 0.03,
  startsAt: new Date('2026-03-09T04:00:00.000Z'),
};

const rounded = (value: number, digits = 3): number => Number(value.toFixed(digits));

function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** How far what `/explain` foresaw was from what came: half of all, 95 % of them, and the share that came over a minute later. */
function estimateErrors(estimates: readonly Estimate[]) {
  const known = estimates.filter(({ foreseenMs }) => foreseenMs !== null);
  const late = known.map(({ foreseenMs, cameMs }) => (cameMs - (foreseenMs ?? 0)) / 1_000);
  return {
    looks: estimates.length,
    unknown: estimates.length - known.length,
    error_p50_s: rounded(quantile(late.map(Math.abs), 0.5), 1),
    error_p95_s: rounded(quantile(late.map(Math.abs), 0.95), 1),
    late_p50_s: rounded(quantile(late, 0.5), 1),
    too_early_share: rounded(late.filter((lateS) => lateS > 60).length / Math.max(1, late.length)),
    too_late_share: rounded(late.filter((lateS) => lateS < -60).length / Math.max(1, late.length)),
  };
}

/** How long each verified claim waited after its credit showed. */
function waits(cases: readonly Case[], { verifiedAtMs }: QuietOutcome): Map<string, number[]> {
  const byMerchant = new Map<string, number[]>();
  for (const { claim, atMs, visibleAtMs } of cases) {
    const verifiedMs = verifiedAtMs.get(claim.transactionId);
    if (verifiedMs === undefined || visibleAtMs === null) continue;
    const waited = byMerchant.get(claim.merchantId) ?? [];
    waited.push(verifiedMs - Math.max(atMs, visibleAtMs));
    byMerchant.set(claim.merchantId, waited);
  }
  return byMerchant;
}

const instant = (atMs: number): Date => new Date(SETTINGS.startsAt.getTime() + atMs);

/** What verified each claim: a look at its day, after the credit showed and no later than it was verified. */
const verdictsOf = (cases: readonly Case[], { verifiedAtMs }: QuietOutcome): readonly Need[] =>
  cases.flatMap(({ claim, atMs, visibleAtMs }) => {
    const untilMs = verifiedAtMs.get(claim.transactionId);
    if (untilMs === undefined || visibleAtMs === null) return [];
    const day = claim.paidOn as LocalDate;
    const fromMs = Math.max(atMs, visibleAtMs);
    return [{ account: claim.receivingAccountId, from: day, to: day, fromMs, untilMs }];
  });

/** What lets each claim expire that never shows: a look at its day and the days beside it, after the deadline. */
const endsOf = (cases: readonly Case[], { expiredAtMs }: QuietOutcome): readonly Need[] =>
  cases.flatMap(({ claim }) => {
    const untilMs = expiredAtMs.get(claim.transactionId);
    if (untilMs === undefined) return [];
    const fromMs = Date.parse(claim.visibleBy) - SETTINGS.startsAt.getTime() + 1;
    const day = claim.paidOn as LocalDate;
    const after = addDays(day, 1);
    const to = after <= localDateAt(instant(untilMs)) ? after : day;
    return [{ account: claim.receivingAccountId, from: addDays(day, -1), to, fromMs, untilMs }];
  });

/** The bank's rules for listings, which bind the offline planner too. */
function listingOf(cases: readonly Case[]): Listing {
  const shown = new Map<string, number[]>();
  for (const { claim, visibleAtMs } of cases) {
    if (visibleAtMs === null) continue;
    const key = `${claim.receivingAccountId} ${claim.paidOn}`;
    shown.set(key, [...(shown.get(key) ?? []), visibleAtMs]);
  }
  return {
    rows: (account, day, atMs) =>
      (shown.get(`${account} ${day}`) ?? []).filter((shownMs) => shownMs <= atMs).length,
    ceiling: LISTING_CEILING,
    maxDays: LISTING_DAYS,
  };
}

function figures(cases: readonly Case[], outcome: QuietOutcome, listing: boolean) {
  const visible = cases.filter(({ visibleAtMs }) => visibleAtMs !== null);
  const calls = Object.values(outcome.calls).reduce((sum, count) => sum + count, 0);
  const asks = calls - (outcome.calls['token'] ?? 0);
  const byMerchant = [...waits(cases, outcome).values()];
  const all = byMerchant.flat();
  const medians = byMerchant.map((waited) => quantile(waited, 0.5));
  // An hour of backlog: work was due in all of it, but for the moments in which the last due claim was under way.
  const busy = outcome.hours.filter((hour) => hour !== undefined && hour.dueMs > 0.98 * HOUR_MS);
  const allowed = busy.length * (HOUR_MS / WINDOW_AND_MARGIN_MS) * CALLS_PER_WINDOW;
  const made = busy.reduce((sum, hour) => sum + hour.calls, 0);
  const rules = listing ? listingOf(cases) : null;
  const verdicts = verdictsOf(cases, outcome);
  const offline = offlineCalls([...verdicts, ...endsOf(cases, outcome)], rules);
  return {
    calls,
    token_calls: outcome.calls['token'] ?? 0,
    offline_calls: offline,
    calls_vs_offline: rounded(asks / offline),
    calls_vs_offline_of_verdicts: rounded(asks / offlineCalls(verdicts, rules)),
    claims_per_call: rounded(cases.length / calls),
    verified_share: rounded(outcome.verifiedAtMs.size / visible.length, 4),
    permits_used_share: busy.length === 0 ? null : rounded(made / allowed),
    hours_of_backlog: busy.length,
    hours_to_drain: rounded(outcome.endedMs / HOUR_MS, 1),
    wait_p50_s: rounded(quantile(all, 0.5) / 1_000, 1),
    wait_p95_s: rounded(quantile(all, 0.95) / 1_000, 1),
    wait_p99_s: rounded(quantile(all, 0.99) / 1_000, 1),
    fairness: rounded(Math.max(...medians) / Math.max(1_000, quantile(medians, 0.5))),
    expired_unasked: [...outcome.expiredAtMs.keys()].filter((id) => !outcome.asked.has(id)).length,
    violations: outcome.violations.length,
    next_look_estimate: estimateErrors(outcome.estimates.asks),
    verdict_estimate: estimateErrors(outcome.estimates.verdicts),
  };
}

const made = fixture(SETTINGS);
console.log(`${made.cases.length} claims over ${SETTINGS.days} days, seed ${SETTINGS.seed}`);
const results: Record<string, ReturnType<typeof figures>> = {};
for (const [name, listing] of [
  ['with_sweeps', true],
  ['without_sweeps', false],
] as const) {
  if (values.only !== undefined && values.only !== name) continue;
  const startedMs = performance.now();
  const bank = {
    flavour: 'production' as const,
    listing,
    listingMaxRows: LISTING_CEILING,
    calls: CALLS_PER_WINDOW,
    windowMs: 60_000,
    tokenCallsCount: true,
    maintenance: null,
  };
  const outcome = await new QuietWorld(made, {
    startsAt: SETTINGS.startsAt,
    bank,
    explainEveryMs: EXPLAIN_EVERY_MS,
  }).run();
  results[name] = figures(made.cases, outcome, listing);
  for (const violation of outcome.violations.slice(0, 5)) console.log(`${name}: ${violation}`);
  console.log(`${name}: ${JSON.stringify(results[name])}`);
  console.log(`  ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
}
const { with_sweeps: swept, without_sweeps: asked } = results;
console.log(
  JSON.stringify({
    calls_vs_offline: swept?.calls_vs_offline,
    verified_share: swept?.verified_share,
    claims_per_call: swept?.claims_per_call,
    hours_to_drain: swept?.hours_to_drain,
    wait_p50_s: swept?.wait_p50_s,
    wait_p95_s: swept?.wait_p95_s,
    fairness: Math.max(swept?.fairness ?? 0, asked?.fairness ?? 0),
    permits_used_share: asked?.permits_used_share,
    expired_unasked: (swept?.expired_unasked ?? 0) + (asked?.expired_unasked ?? 0),
    violations: (swept?.violations ?? 0) + (asked?.violations ?? 0),
    with_sweeps: swept,
    without_sweeps: asked,
  }),
);
