import { sql, type Kysely } from 'kysely';
import { randomUUID } from 'node:crypto';
import { defineEvent } from '../../src/kernel/event.js';
import type { Database, DatabaseTransaction } from '../../src/platform/database/database.js';
import type { EventToAppend } from '../../src/platform/event-store/event-store.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import { Projection } from '../../src/platform/projections/projection.js';
import { eventToAppend } from './event-to-append.js';

export const added = defineEvent<{ readonly amount: number }>()('Added.v1');

/** An event for the sum of its stream. */
export const addition = (amount: number): EventToAppend =>
  eventToAppend({
    eventId: randomUUID(),
    ...added({ amount }),
    metadata: {
      actor: 'process:test',
      requestId: 'request',
      $correlationId: 'correlation',
      $causationId: 'causation',
      traceId: null,
      previousHash: null,
    },
  });

const SUMS = sql.table('read.sums');

/** The smallest read model that shows an event applied twice or not at all: a sum and a count per stream. */
export class SumProjection extends Projection {
  readonly name = 'sums';
  readonly version: number;
  readonly categories: readonly string[];
  readonly tables = ['read.sums'];
  override readonly sums = [{ table: 'read.sums', by: ['events'], of: ['total'] }];
  /** What an amount counts as: another version may count differently. */
  counted = (amount: number): number => amount;
  /** Runs before the rows of each call are written. */
  before: (tx: DatabaseTransaction, events: readonly StoredEvent[]) => Promise<void> = () =>
    Promise.resolve();
  /** Runs after the rows of each call were written, before its transaction ends. */
  after: (tx: DatabaseTransaction) => Promise<void> = () => Promise.resolve();
  calls = 0;

  constructor(category: string, version = 1) {
    super();
    this.version = version;
    this.categories = [category];
  }

  static async createTable(db: Kysely<Database>): Promise<void> {
    await sql`create table read.sums (
      stream_name text primary key, total integer not null, events integer not null,
      position bigint not null)`.execute(db);
    await sql`create index sums_by_total on read.sums (total)`.execute(db);
  }

  async apply(tx: DatabaseTransaction, events: readonly StoredEvent[]): Promise<void> {
    this.calls += 1;
    await this.before(tx, events);
    for (const { streamName, position, data } of events) {
      const { amount } = data as { amount: number };
      await sql`insert into ${SUMS} as s values (${streamName}, ${this.counted(amount)}, 1, ${position})
        on conflict (stream_name) do update
        set total = s.total + excluded.total, events = s.events + 1, position = excluded.position
        where s.position < excluded.position`.execute(tx);
    }
    await this.after(tx);
  }
}
