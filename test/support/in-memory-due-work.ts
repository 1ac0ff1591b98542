import { addDays, type LocalDate } from '../../src/kernel/local-date.js';
import type { AccountSweeps, SweepTold } from '../../src/verification/account-sweeps.store.js';
import type { AccountSweepTable } from '../../src/verification/account-sweep.table.js';
import type { DayRange, DueDay } from '../../src/verification/domain/planner.js';
import type { Watch } from '../../src/verification/domain/watch.js';
import type { LeftOpen, OverdueSweep } from '../../src/verification/left-open.store.js';
import type {
  BeforeQuestion,
  Census,
  ClaimsBefore,
  DueAsk,
  DueClaimsQuestion,
  DueQuestion,
  VerificationQueue,
} from '../../src/verification/verification-queue.store.js';
import type { VerificationQueueTable } from '../../src/verification/verification-queue.table.js';
import { DueWorkRows, OPEN_STANDINGS, readyMsOf } from './due-work-rows.js';

/** What others may see of a store. */
type Doubles<T> = { [K in keyof T]: T[K] };

type Row = VerificationQueueTable;
type SweepRow = AccountSweepTable;

const TOO_LARGE_FOR_MS = 7 * 24 * 3_600_000;
const RECOVERED_AT_ONCE = 100;
const MOST_TOLD = 20;
const VERDICTS_LOOKED_AT = 200;

// Postgres sorts the standings by name, downwards.
const byUrgency = (one: Row, other: Row, patience: number): number =>
  Number(one.requested_at === null) - Number(other.requested_at === null) ||
  other.standing.localeCompare(one.standing) ||
  readyMsOf(one, patience) - readyMsOf(other, patience);

/** What the stores answer from due work, in memory. Held to them by test/contract/due-work.contract.spec.ts. */
export class InMemoryDueWork
  extends DueWorkRows
  implements Doubles<VerificationQueue>, Doubles<AccountSweeps>, Doubles<LeftOpen>
{
  due(question: DueClaimsQuestion): Promise<readonly DueAsk[]> {
    const { patience, perMerchant } = question;
    const rows = [...this.dueRows(question)].sort((a, b) => byUrgency(a, b, patience));
    const places = new Map<string, number>();
    const placed = rows.flatMap((row) => {
      const place = (places.get(row.merchant_id) ?? 0) + 1;
      places.set(row.merchant_id, place);
      return place > perMerchant ? [] : [{ place, row }];
    });
    placed.sort((a, b) => a.place - b.place || (a.row.merchant_id < b.row.merchant_id ? -1 : 1));
    return Promise.resolve(placed.map(({ row }) => asDue(row, patience)));
  }

  dueDays(question: DueQuestion): Promise<readonly DueDay[]> {
    const { credentialId, modes, except } = question;
    const days = new Map<string, DueDay>();
    const busy = new Set(except);
    for (const row of this.active.values()) {
      const isAskable = row.due_at !== null && row.credential_id === credentialId;
      if (!isAskable || !modes.includes(row.mode) || busy.has(row.transaction_id)) continue;
      const key = `${row.receiving_account_id} ${row.merchant_id} ${row.asked_on ?? ''}`;
      days.set(key, withOneMore(days.get(key), row, question));
    }
    return Promise.resolve([...days.values()].sort((a, b) => b.claims - a.claims));
  }

  before(question: BeforeQuestion): Promise<readonly ClaimsBefore[]> {
    const { now, patience, waitsForCompany } = question;
    const counted = new Map<string, ClaimsBefore>();
    for (const row of this.active.values()) {
      const readyMs = readyMsOf(row, patience);
      const isBefore =
        row.due_at !== null &&
        row.standing === 'pending' &&
        row.due_at < now &&
        readyMs < question.readyAt.getTime() &&
        (!waitsForCompany || readyMs <= now.getTime());
      if (!isBefore || row.credential_id !== question.credentialId) continue;
      if (row.mode !== question.mode) continue;
      const { merchant_id: merchantId, receiving_account_id: receivingAccountId } = row;
      const key = `${merchantId} ${receivingAccountId}`;
      const claims = (counted.get(key)?.claims ?? 0) + 1;
      counted.set(key, { merchantId, receivingAccountId, claims });
    }
    return Promise.resolve([...counted.values()]);
  }

  verdictDelays({
    credentialId,
    mode,
  }: {
    readonly credentialId: string;
    readonly mode: 'live' | 'test';
  }): Promise<readonly number[]> {
    const verified = [...this.rows.values()].flatMap((row) =>
      row.credential_id === credentialId && row.mode === mode && row.verified_at !== null
        ? [{ from: row.submitted_at.getTime(), to: row.verified_at.getTime() }]
        : [],
    );
    verified.sort((one, other) => other.to - one.to);
    return Promise.resolve(verified.slice(0, VERDICTS_LOOKED_AT).map(({ from, to }) => to - from));
  }

  newest(count: number): Promise<readonly Watch[]> {
    const pending = [...this.active.values()].filter(({ standing }) => standing === 'pending');
    pending.sort((one, other) => other.submitted_at.getTime() - one.submitted_at.getTime());
    return Promise.resolve(pending.slice(0, count).map(({ watch }) => watch));
  }

  settled(
    ids: readonly string[],
  ): Promise<readonly { readonly transactionId: string; readonly watch: Watch }[]> {
    const rows = ids.flatMap((id) => this.rows.get(id) ?? []);
    return Promise.resolve(
      rows
        .filter(({ standing }) => standing !== 'pending')
        .map(({ transaction_id: transactionId, watch }) => ({ transactionId, watch })),
    );
  }

  census(): Promise<Census> {
    const pending = [...this.active.values()].filter(({ standing }) => standing === 'pending');
    const oldest = Math.min(...pending.map((row) => row.submitted_at.getTime()));
    return Promise.resolve({
      pending: pending.length,
      oldestSubmittedAt: pending.length === 0 ? null : new Date(oldest),
    });
  }

  tooLarge(credentialId: string, now: Date): Promise<readonly DayRange[]> {
    const since = now.getTime() - TOO_LARGE_FOR_MS;
    const found = new Map<string, DayRange>();
    for (const sweep of this.tooLargeSweeps) {
      const isLate = (sweep.answered_at?.getTime() ?? 0) > since;
      if (sweep.credential_id !== credentialId || !isLate) continue;
      const range = {
        receivingAccountId: sweep.receiving_account_id,
        from: sweep.from_on as LocalDate,
        to: sweep.to_on as LocalDate,
      };
      found.set(JSON.stringify(range), range);
    }
    return Promise.resolve([...found.values()]);
  }

  openClaims(
    { receivingAccountId, from, to }: DayRange,
    modes: readonly ('live' | 'test')[],
  ): Promise<readonly Watch[]> {
    const [first, last] = [addDays(from, -1), addDays(to, 1)];
    const found = [...this.active.values()].filter(
      (row) =>
        row.receiving_account_id === receivingAccountId &&
        modes.includes(row.mode) &&
        OPEN_STANDINGS.has(row.standing) &&
        row.paid_on >= first &&
        row.paid_on <= last,
    );
    found.sort((a, b) => a.submitted_at.getTime() - b.submitted_at.getTime());
    return Promise.resolve(found.map(({ watch }) => watch));
  }

  listingsOf({ claim }: Watch, since: Date): Promise<number> {
    const held = [...this.sweeps.values()].filter(
      (sweep) =>
        sweep.receiving_account_id === claim.receivingAccountId &&
        sweep.from_on <= claim.paidOn &&
        sweep.to_on >= claim.paidOn &&
        sweep.started_at >= since &&
        (sweep.outcome === 'found' || sweep.outcome === 'not_visible_yet'),
    );
    return Promise.resolve(held.length);
  }

  verifiedWith(receivingAccountId: string, amounts: readonly bigint[]): Promise<readonly Watch[]> {
    if (amounts.length === 0) return Promise.resolve([]);
    const wanted = new Set(amounts.map(Number));
    const found = [...this.rows.values()].filter(
      ({ watch, standing, receiving_account_id: account }) =>
        account === receivingAccountId &&
        standing === 'verified' &&
        watch.lastProposed !== null &&
        wanted.has(watch.lastProposed.amountMinor),
    );
    return Promise.resolve(found.map(({ watch }) => watch));
  }

  covering({ claim }: Watch): Promise<readonly SweepTold[]> {
    const found = [...this.sweeps.values()].filter(
      (sweep) =>
        sweep.receiving_account_id === claim.receivingAccountId &&
        sweep.credential_id === claim.credentialId &&
        sweep.from_on <= claim.paidOn &&
        sweep.to_on >= claim.paidOn &&
        sweep.started_at >= new Date(claim.submittedAt),
    );
    found.sort((a, b) => b.started_at.getTime() - a.started_at.getTime());
    return Promise.resolve(found.slice(0, MOST_TOLD).map(asTold));
  }

  withOverdueAsk(now: Date): Promise<readonly { transactionId: string; askId: string }[]> {
    const found = [...this.active.values()].filter(
      ({ ask_deadline_at: deadline }) => deadline !== null && deadline < now,
    );
    found.sort((a, b) => (a.ask_deadline_at?.getTime() ?? 0) - (b.ask_deadline_at?.getTime() ?? 0));
    return Promise.resolve(
      found.slice(0, RECOVERED_AT_ONCE).flatMap(({ transaction_id: transactionId, watch }) => {
        const { openAsk } = watch;
        return openAsk === null ? [] : [{ transactionId, askId: openAsk.askId }];
      }),
    );
  }

  withProposalBefore(instant: Date): Promise<readonly string[]> {
    const found = [...this.active.values()].filter(
      ({ proposed_at: proposedAt }) => proposedAt !== null && proposedAt < instant,
    );
    found.sort((a, b) => (a.proposed_at?.getTime() ?? 0) - (b.proposed_at?.getTime() ?? 0));
    return Promise.resolve(found.slice(0, RECOVERED_AT_ONCE).map((row) => row.transaction_id));
  }

  owingRelease(): Promise<readonly Watch[]> {
    const found = [...this.active.values()].filter((row) => row.release_owed);
    return Promise.resolve(found.slice(0, RECOVERED_AT_ONCE).map(({ watch }) => watch));
  }

  overdueSweeps(now: Date): Promise<readonly OverdueSweep[]> {
    const found = [...this.openSweeps]
      .flatMap((id) => this.sweeps.get(id) ?? [])
      .filter((sweep) => sweep.deadline_at < now);
    return Promise.resolve(
      found.slice(0, RECOVERED_AT_ONCE).map((sweep) => ({
        sweepId: sweep.sweep_id,
        receivingAccountId: sweep.receiving_account_id,
        startedAt: sweep.started_at,
      })),
    );
  }

  private *dueRows(question: DueQuestion): Generator<Row> {
    const { credentialId, modes, now, except } = question;
    // All that is due is ready where nothing waits for company.
    const patience = question.waitsForCompany ? question.patience : 0;
    const busy = new Set(except);
    for (const row of this.active.values()) {
      const isReady = row.due_at !== null && readyMsOf(row, patience) <= now.getTime();
      if (!isReady || row.credential_id !== credentialId) continue;
      if (modes.includes(row.mode) && !busy.has(row.transaction_id)) yield row;
    }
  }
}

const NO_CLAIMS: Pick<DueDay, 'claims' | 'ready' | 'waiting' | 'hasFresh'> = { claims: 0 };

/** A day with one more claim that waits, and is perhaps due. */
function withOneMore(
  known: DueDay | undefined,
  row: Row,
  { now, patience }: Pick<DueQuestion, 'now' | 'patience'>,
): DueDay {
  const { watch, due_at: dueAt } = row;
  const { claims, ready = 0, waiting = 0, hasFresh = false } = known ?? NO_CLAIMS;
  const isDue = dueAt !== null && dueAt <= now;
  const isFresh = isDue && watch.asksStarted === 0 && watch.conclusive === 0;
  return {
    receivingAccountId: row.receiving_account_id,
    merchantId: row.merchant_id,
    day: row.asked_on as LocalDate,
    claims: claims + Number(isDue),
    ready: ready + Number(isDue && readyMsOf(row, patience) <= now.getTime()),
    waiting: waiting + 1,
    hasFresh: hasFresh || isFresh,
  };
}

const asDue = (row: Row, patience: number): DueAsk => ({
  transactionId: row.transaction_id,
  merchantId: row.merchant_id,
  dueAt: row.due_at ?? new Date(0),
  readyAt: new Date(readyMsOf(row, patience)),
  askedOn: row.asked_on ?? '',
  watch: row.watch,
});

const asTold = (sweep: SweepRow): SweepTold => ({
  sweepId: sweep.sweep_id,
  from: sweep.from_on,
  to: sweep.to_on,
  startedAt: sweep.started_at,
  answeredAt: sweep.answered_at,
  outcome: sweep.outcome,
  movements: sweep.movements,
});
