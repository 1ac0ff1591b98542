import { addDays, type LocalDate } from '../../src/kernel/local-date.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import type { AccountSweepTable } from '../../src/verification/account-sweep.table.js';
import { afterSweep } from '../../src/verification/domain/swept.js';
import type { Schedule } from '../../src/verification/domain/verification.schedule.js';
import type { Watch } from '../../src/verification/domain/watch.js';
import { followed, rowOf, transactionOf } from '../../src/verification/queue-row.js';
import type { SweepAnswered } from '../../src/verification/record-sweep/sweep-answered.event.js';
import type { SweepStarted } from '../../src/verification/record-sweep/sweep-started.event.js';
import type { VerificationQueueTable } from '../../src/verification/verification-queue.table.js';

export const OPEN_STANDINGS: ReadonlySet<string> = new Set(['pending', 'expired', 'in_review']);

/** When a claim waits for company no longer. */
export const readyMsOf = (
  { due_at: dueAt, patience_ms: patienceMs }: VerificationQueueTable,
  patience: number,
): number => (dueAt?.getTime() ?? 0) + patience * patienceMs;

/** The rows of due work in memory, derived from events by the same pure functions as in Postgres. */
export class DueWorkRows {
  protected readonly rows = new Map<string, VerificationQueueTable>();
  /** Those that somebody may have to do something about; the others are only remembered. */
  protected readonly active = new Map<string, VerificationQueueTable>();
  protected readonly sweeps = new Map<string, AccountSweepTable>();
  /** Those of the sweeps that have no answer, and those that the bank called too large. */
  protected readonly openSweeps = new Set<string>();
  protected readonly tooLargeSweeps: AccountSweepTable[] = [];
  /** What `nextReadyMs` found, until a row changes. */
  private readonly nextReady = new Map<string, number>();

  constructor(private readonly schedule: Schedule) {}

  apply(events: readonly StoredEvent[]): void {
    for (const event of events) {
      if (event.type === 'SweepStarted.v1') this.begin(event);
      else if (event.type === 'SweepAnswered.v1') this.end(event);
      else this.follow(event);
    }
  }

  /** Every row, by its transaction's name. */
  all(): readonly VerificationQueueTable[] {
    return [...this.rows.values()].sort((a, b) => (a.transaction_id < b.transaction_id ? -1 : 1));
  }

  /** When the next ask waits for company no longer, whoever it is about; infinite when there is none. */
  nextReadyMs(credentialId: string, patience: number): number {
    const key = `${credentialId} ${patience}`;
    const known = this.nextReady.get(key);
    if (known !== undefined) return known;
    let next = Number.POSITIVE_INFINITY;
    for (const row of this.active.values()) {
      if (row.due_at === null || row.credential_id !== credentialId) continue;
      next = Math.min(next, readyMsOf(row, patience));
    }
    this.nextReady.set(key, next);
    return next;
  }

  /** True while something was begun and has not ended. */
  get hasLeftOpen(): boolean {
    const row = [...this.active.values()].some(
      ({ ask_deadline_at: ask, proposed_at: proposal, release_owed: owed }) =>
        ask !== null || proposal !== null || owed,
    );
    return row || this.openSweeps.size > 0;
  }

  private follow(event: StoredEvent): void {
    const transactionId = transactionOf(event);
    if (transactionId === null) return;
    const known = this.rows.get(transactionId);
    const before =
      known === undefined ? undefined : { state: known.watch, position: known.position };
    const { state, position } = followed(before, event);
    if (state !== null && position === event.position) this.put(state, position);
  }

  private put(state: Watch, position: bigint): void {
    const row = rowOf(state, position, this.schedule);
    this.nextReady.clear();
    const id = row.transaction_id;
    this.rows.set(id, row);
    const isActive =
      OPEN_STANDINGS.has(row.standing) || row.release_owed || row.proposed_at !== null;
    if (isActive || row.ask_deadline_at !== null) this.active.set(id, row);
    else this.active.delete(id);
  }

  private begin({ data, position }: StoredEvent): void {
    const sweep = data as SweepStarted;
    if (this.sweeps.has(sweep.sweepId)) return;
    this.openSweeps.add(sweep.sweepId);
    this.sweeps.set(sweep.sweepId, {
      sweep_id: sweep.sweepId,
      receiving_account_id: sweep.receivingAccountId,
      credential_id: sweep.credentialId,
      from_on: sweep.from,
      to_on: sweep.to,
      started_at: new Date(sweep.startedAt),
      deadline_at: new Date(sweep.deadlineAt),
      answered_at: null,
      outcome: null,
      movements: null,
      position,
    });
  }

  private end({ data, position }: StoredEvent): void {
    const answer = data as SweepAnswered;
    const known = this.sweeps.get(answer.sweepId);
    if (known === undefined || known.position >= position) return;
    const { outcome, movements } = answer;
    const answeredAt = new Date(answer.answeredAt);
    const ended = { ...known, answered_at: answeredAt, outcome, movements, position };
    this.sweeps.set(answer.sweepId, ended);
    this.openSweeps.delete(answer.sweepId);
    if (outcome === 'range_too_large') this.tooLargeSweeps.push(ended);
    const first = addDays(answer.from as LocalDate, -1);
    const last = addDays(answer.to as LocalDate, 1);
    // Each row is written in place: putting one that is there does not move it.
    for (const row of this.active.values()) {
      const { receiving_account_id: account, paid_on: on, standing } = row;
      const isCovered = account === answer.receivingAccountId && on >= first && on <= last;
      if (isCovered && (standing === 'pending' || standing === 'expired')) {
        this.put(afterSweep(row.watch, answer, this.schedule), position);
      }
    }
  }
}
