import { Injectable } from '@nestjs/common';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import type { StoredEvent } from '../../platform/event-store/stored-event.js';
import { Projection } from '../../platform/projections/projection.js';
import type { DayClosedEvent } from '../events/day-closed.event.js';
import './day-close.table.js';

type StoredClose = StoredEvent<DayClosedEvent['type'], DayClosedEvent['data']>;

// Postgres takes 65535 values in a statement, and a replay may bring thousands of closes at once.
const ROWS_AT_ONCE = 1_000;

/** The list of closes: a row for every one, never changed. */
@Injectable()
export class DayClosesProjection extends Projection {
  readonly name = 'day-closes';
  readonly version = 1;
  readonly categories = ['close'] as const;
  readonly tables = ['read.day_close'] as const;

  async apply(tx: DatabaseTransaction, events: readonly StoredEvent[]): Promise<void> {
    for (let from = 0; from < events.length; from += ROWS_AT_ONCE) {
      const closes = events.slice(from, from + ROWS_AT_ONCE) as readonly StoredClose[];
      await tx
        .insertInto('read.day_close')
        .values(closes.map(rowOf))
        .onConflict((conflict) =>
          conflict.columns(['receiving_account_id', 'day', 'version']).doNothing(),
        )
        .execute();
    }
  }
}

const rowOf = ({ data, position }: StoredClose) => ({
  receiving_account_id: data.receivingAccountId,
  day: data.day,
  version: data.version,
  merchant_id: data.merchantId,
  position,
  close: JSON.stringify(data),
});
