import { Injectable } from '@nestjs/common';
import type { DatabaseTransaction } from '../platform/database/database.js';
import type { StoredEvent } from '../platform/event-store/stored-event.js';
import { Projection } from '../platform/projections/projection.js';
import type { TransactionEvent } from '../transactions/events/transaction.event.js';
import type { MovementReleased } from './bind-movement/movement-released.event.js';
import { nextAsk, type Schedule } from './domain/verification.schedule.js';
import { released, watch, type Watch } from './domain/watch.js';
import type { VerificationQueueTable } from './verification-queue.table.js';
import { scheduleOf, VerificationConfig } from './verification.config.js';

interface Followed {
  readonly state: Watch | null;
  readonly position: bigint;
}

const TRANSACTION = 'transaction-';

/** Due work, derived from events alone: dropping it and replaying the log gives the same rows. */
@Injectable()
export class VerificationQueueProjection extends Projection {
  readonly name = 'verification-queue';
  readonly version = 1;
  readonly categories = ['transaction', 'movement'] as const;
  readonly tables = ['read.verification_queue'] as const;
  private readonly schedule: Schedule;

  constructor(config: VerificationConfig) {
    super();
    this.schedule = scheduleOf(config);
  }

  async apply(tx: DatabaseTransaction, events: readonly StoredEvent[]): Promise<void> {
    const concerned = events.flatMap((event) => {
      const transactionId = transactionOf(event);
      return transactionId === null ? [] : [{ transactionId, event }];
    });
    if (concerned.length === 0) return;
    const ids = [...new Set(concerned.map(({ transactionId }) => transactionId))];
    const before = await knownRows(tx, ids);
    const after = new Map(before);
    for (const { transactionId, event } of concerned) {
      const known = after.get(transactionId) ?? { state: null, position: -1n };
      if (event.position <= known.position) continue;
      after.set(transactionId, { state: follow(known.state, event), position: event.position });
    }
    const changed = [...after].filter(
      ([id, { position }]) => before.get(id)?.position !== position,
    );
    await this.write(
      tx,
      changed.flatMap(([, followed]) => this.row(followed)),
    );
  }

  private row({ state, position }: Followed): VerificationQueueTable[] {
    if (state === null) return [];
    const next = nextAsk(state, this.schedule);
    const { claim, openAsk, openProposal } = state;
    return [
      {
        transaction_id: claim.transactionId,
        merchant_id: claim.merchantId,
        credential_id: claim.credentialId,
        bank: claim.bank,
        mode: claim.mode,
        standing: state.standing,
        submitted_at: new Date(claim.submittedAt),
        due_at: next?.dueAt ?? null,
        asked_on: next?.askedOn ?? null,
        ask_deadline_at: openAsk === null ? null : new Date(openAsk.deadlineAt),
        proposed_at: openProposal === null ? null : new Date(openProposal.proposedAt),
        release_owed: state.owedRelease !== null,
        watch: state,
        position,
      },
    ];
  }

  private async write(tx: DatabaseTransaction, rows: VerificationQueueTable[]): Promise<void> {
    if (rows.length === 0) return;
    await tx
      .insertInto('read.verification_queue')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .column('transaction_id')
          .doUpdateSet((row) => ({
            standing: row.ref('excluded.standing'),
            due_at: row.ref('excluded.due_at'),
            asked_on: row.ref('excluded.asked_on'),
            ask_deadline_at: row.ref('excluded.ask_deadline_at'),
            proposed_at: row.ref('excluded.proposed_at'),
            release_owed: row.ref('excluded.release_owed'),
            watch: row.ref('excluded.watch'),
            position: row.ref('excluded.position'),
          }))
          .whereRef('read.verification_queue.position', '<', 'excluded.position'),
      )
      .execute();
  }
}

function follow(state: Watch | null, { type, data }: StoredEvent): Watch | null {
  if (type === 'MovementReleased.v1') {
    return state === null ? null : released(state, data as MovementReleased);
  }
  return watch(state, { type, data } as TransactionEvent);
}

/** The transaction an event is about; null for what the queue does not follow. */
function transactionOf({ streamName, type, data }: StoredEvent): string | null {
  if (streamName.startsWith(TRANSACTION)) return streamName.slice(TRANSACTION.length);
  return type === 'MovementReleased.v1' ? (data as MovementReleased).transactionId : null;
}

async function knownRows(
  tx: DatabaseTransaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Followed>> {
  const rows = await tx
    .selectFrom('read.verification_queue')
    .select(['transaction_id', 'watch', 'position'])
    .where('transaction_id', 'in', ids)
    .execute();
  return new Map(
    rows.map(({ transaction_id: id, watch: state, position }) => [id, { state, position }]),
  );
}
