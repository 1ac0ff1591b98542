import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { addDays, type LocalDate } from '../kernel/local-date.js';
import type { DatabaseTransaction } from '../platform/database/database.js';
import type { StoredEvent } from '../platform/event-store/stored-event.js';
import { Projection, type ReadApplied } from '../platform/projections/projection.js';
import { rowsAsJson } from '../platform/projections/rows-as-json.js';
import { afterSweep } from './domain/swept.js';
import type { Schedule } from './domain/verification.schedule.js';
import { followed, rowOf, transactionOf, type Followed } from './queue-row.js';
import type { SweepAnswered } from './record-sweep/sweep-answered.event.js';
import './account-sweep.table.js';
import type { SweepStarted } from './record-sweep/sweep-started.event.js';
import type { VerificationQueueTable } from './verification-queue.table.js';
import { unmakeRows } from './unmade-rows.store.js';
import { scheduleOf, VerificationConfig } from './verification.config.js';

const isOfSweep = ({ type }: StoredEvent): boolean =>
  type === 'SweepStarted.v1' || type === 'SweepAnswered.v1';

/** Due work, derived from events alone: dropping it and replaying the log gives the same rows. */
@Injectable()
export class VerificationQueueProjection extends Projection {
  readonly name = 'verification-queue';
  readonly version = 6;
  readonly categories = ['transaction', 'movement', 'sweep'] as const;
  readonly tables = ['read.verification_queue', 'read.account_sweep'] as const;
  override readonly neededIndexes = ['verification_queue_account'] as const;
  private readonly schedule: Schedule;

  constructor(config: VerificationConfig) {
    super();
    this.schedule = scheduleOf(config);
  }

  async apply(tx: DatabaseTransaction, events: readonly StoredEvent[]): Promise<void> {
    let run: StoredEvent[] = [];
    for (const event of events) {
      if (!isOfSweep(event)) {
        run.push(event);
        continue;
      }
      // A sweep moves the rows of many claims, as they are after everything before it.
      await this.applyHistories(tx, run);
      run = [];
      await (event.type === 'SweepStarted.v1' ? begin(tx, event) : this.end(tx, event));
    }
    await this.applyHistories(tx, run);
  }

  override unmake(
    tx: DatabaseTransaction,
    held: readonly StoredEvent[],
    read: ReadApplied,
  ): Promise<readonly StoredEvent[]> {
    return unmakeRows(tx, held, read);
  }

  private async applyHistories(
    tx: DatabaseTransaction,
    events: readonly StoredEvent[],
  ): Promise<void> {
    const concerned = events.flatMap((event) => {
      const transactionId = transactionOf(event);
      return transactionId === null ? [] : [{ transactionId, event }];
    });
    if (concerned.length === 0) return;
    const before = await knownRows(
      tx,
      concerned.map(({ transactionId }) => transactionId),
    );
    const after = new Map(before);
    for (const { transactionId, event } of concerned) {
      after.set(transactionId, followed(after.get(transactionId), event));
    }
    await this.write(
      tx,
      [...after].flatMap(([id, row]) => (before.get(id) === row ? [] : [row])),
    );
  }

  private async end(tx: DatabaseTransaction, { data, position }: StoredEvent): Promise<void> {
    const sweep = data as SweepAnswered;
    const ended = await tx
      .updateTable('read.account_sweep')
      .set({
        answered_at: new Date(sweep.answeredAt),
        outcome: sweep.outcome,
        movements: sweep.movements,
        position,
      })
      .where('sweep_id', '=', sweep.sweepId)
      .where('position', '<', position)
      .returning('credential_id')
      .executeTakeFirst();
    if (ended === undefined) return;
    const rows = await tx
      .selectFrom('read.verification_queue')
      .select(['watch', 'position'])
      .where('receiving_account_id', '=', sweep.receivingAccountId)
      // Claims of test keys may be asked about elsewhere, and this listing says nothing about them.
      .where('credential_id', '=', ended.credential_id)
      // A listing may be of nothing but the day beside the claimed one.
      .where('paid_on', '>=', addDays(sweep.from as LocalDate, -1))
      .where('paid_on', '<=', addDays(sweep.to as LocalDate, 1))
      .where('standing', 'in', ['pending', 'expired'])
      .where('position', '<', position)
      .execute();
    await this.write(
      tx,
      rows.map((row) => ({ state: afterSweep(row.watch, sweep, this.schedule), position })),
    );
  }

  private async write(tx: DatabaseTransaction, all: readonly Followed[]): Promise<void> {
    const rows = all.flatMap(({ state, position }) =>
      state === null ? [] : [rowOf(state, position, this.schedule)],
    );
    await writeRows(tx, rows);
  }
}

// By name and not in the text, so that a rebuild may fill the table of another schema.
const QUEUE = sql.table('read.verification_queue');

/** One statement and one parameter, however many rows; a row that is ahead of ours stays. */
async function writeRows(
  tx: DatabaseTransaction,
  rows: readonly VerificationQueueTable[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into ${QUEUE} as known
    select * from jsonb_populate_recordset(null::${QUEUE}, ${rowsAsJson(rows)}::jsonb)
    on conflict (transaction_id) do update set
      standing = excluded.standing,
      due_at = excluded.due_at,
      asked_on = excluded.asked_on,
      patience_ms = excluded.patience_ms,
      paid_on = excluded.paid_on,
      requested_at = excluded.requested_at,
      verified_at = excluded.verified_at,
      ask_deadline_at = excluded.ask_deadline_at,
      proposed_at = excluded.proposed_at,
      release_owed = excluded.release_owed,
      watch = excluded.watch,
      position = excluded.position
    where known.position < excluded.position`.execute(tx);
}

async function begin(tx: DatabaseTransaction, { data, position }: StoredEvent): Promise<void> {
  const sweep = data as SweepStarted;
  await tx
    .insertInto('read.account_sweep')
    .values({
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
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function knownRows(
  tx: DatabaseTransaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Followed>> {
  const rows = await tx
    .selectFrom('read.verification_queue')
    .select(['transaction_id', 'watch', 'position'])
    .where('transaction_id', '=', sql<string>`any(${[...new Set(ids)]}::uuid[])`)
    .execute();
  return new Map(
    rows.map(({ transaction_id: id, watch: state, position }) => [id, { state, position }]),
  );
}
