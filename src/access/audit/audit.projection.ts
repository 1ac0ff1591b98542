import { Injectable } from '@nestjs/common';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import type { StoredEvent } from '../../platform/event-store/stored-event.js';
import { Projection } from '../../platform/projections/projection.js';
import type { SecurityActEvent } from '../acts/security-act.event.js';
import './audit-entry.table.js';

type StoredAct = StoredEvent<SecurityActEvent['type'], SecurityActEvent['data']>;

// Postgres takes 65535 values in a statement, and a replay brings thousands of acts at once.
const ROWS_AT_ONCE = 1_000;

/** The audit: a row for every act, never changed. */
@Injectable()
export class AuditProjection extends Projection {
  readonly name = 'audit';
  readonly version = 1;
  readonly categories = ['access'] as const;
  readonly tables = ['read.audit_entry'] as const;

  async apply(tx: DatabaseTransaction, events: readonly StoredEvent[]): Promise<void> {
    for (let from = 0; from < events.length; from += ROWS_AT_ONCE) {
      const acts = events.slice(from, from + ROWS_AT_ONCE) as readonly StoredAct[];
      await tx
        .insertInto('read.audit_entry')
        .values(acts.map(entryOf))
        .onConflict((conflict) => conflict.column('entry_id').doNothing())
        .execute();
    }
  }
}

const entryOf = ({ data, metadata, ...event }: StoredAct) => ({
  entry_id: event.eventId,
  position: event.position,
  at: new Date(data.at),
  act: data.act,
  actor: metadata.actor,
  subject: data.subject,
  merchant_id: data.merchantId,
  address: data.address,
  request_id: metadata.requestId,
  result: data.result,
  reason: data.reason,
  particulars: JSON.stringify(data.particulars),
  stream: event.streamName,
  revision: event.revision,
  hash: event.hash,
  previous_hash: metadata.previousHash,
});
