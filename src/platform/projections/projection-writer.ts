import { sql } from 'kysely';
import type { DatabaseConnection, DatabaseTransaction } from '../database/database.js';
import { isOutsideFailure, isSchemaFailure } from '../database/outside-failure.js';
import type { LogPosition } from '../event-store/event-store.js';
import type { StoredEvent } from '../event-store/stored-event.js';
import { LeadershipLost, moveCheckpoint, type Checkpoint } from './checkpoint-store.js';
import type { Projection } from './projection.js';
import {
  countQuarantined,
  quarantinedStreams,
  quarantineFailed,
  quarantineWaiting,
} from './quarantine.js';

/** Events in log order, and how far the log was looked at with them. */
export interface EventBatch {
  readonly events: readonly StoredEvent[];
  readonly upTo: LogPosition;
}

/** Applies batches of one projection: rows and checkpoint in one transaction, or neither. */
export class ProjectionWriter {
  private quarantined = 0;

  constructor(
    private readonly db: DatabaseConnection,
    private readonly projection: Projection,
  ) {}

  /** Learns what earlier runs left in quarantine; to be called before the first batch. Gives how many events. */
  async open(): Promise<number> {
    this.quarantined = await countQuarantined(this.db.kysely, this.projection);
    return this.quarantined;
  }

  /**
   * Applies a batch. An event that cannot be applied is put aside with all later ones of its stream; the others
   * are applied. Gives how many events are in quarantine.
   * @throws LeadershipLost  another process is ahead
   * @throws Error           the database is away or not as this code expects it; nothing was written
   */
  async apply(from: Checkpoint, batch: EventBatch): Promise<number> {
    try {
      await this.inTransaction(from, batch, (tx, events) => this.projection.apply(tx, events));
    } catch (error) {
      // With one event in hand as with many: only what fails alone, on a database that works, is to blame.
      if (error instanceof LeadershipLost || isBlameless(error)) throw error;
      await this.inTransaction(from, batch, (tx, events) => this.oneByOne(tx, events));
    }
    if (this.quarantined > 0) await this.open();
    return this.quarantined;
  }

  private inTransaction(
    from: Checkpoint,
    { events, upTo }: EventBatch,
    applyAll: (tx: DatabaseTransaction, events: readonly StoredEvent[]) => Promise<void>,
  ): Promise<void> {
    return this.db.kysely.transaction().execute(async (tx) => {
      await moveCheckpoint(tx, this.projection, from, upTo);
      const free = this.quarantined === 0 ? events : await this.withoutWaiting(tx, events);
      if (free.length > 0) await applyAll(tx, free);
    });
  }

  private async withoutWaiting(
    tx: DatabaseTransaction,
    events: readonly StoredEvent[],
  ): Promise<readonly StoredEvent[]> {
    const names = events.map(({ streamName }) => streamName);
    const held = await quarantinedStreams(tx, this.projection, names);
    await quarantineWaiting(
      tx,
      this.projection,
      events.filter(({ streamName }) => held.has(streamName)),
    );
    return events.filter(({ streamName }) => !held.has(streamName));
  }

  private async oneByOne(tx: DatabaseTransaction, events: readonly StoredEvent[]): Promise<void> {
    const held = new Set<string>();
    for (const event of events) {
      if (held.has(event.streamName)) {
        await quarantineWaiting(tx, this.projection, [event]);
      } else if (!(await this.tryAlone(tx, event))) {
        held.add(event.streamName);
      }
    }
    // Set even if the commit fails: it only makes the next batch look into the table.
    this.quarantined += held.size;
  }

  private async tryAlone(tx: DatabaseTransaction, event: StoredEvent): Promise<boolean> {
    await sql`savepoint one_event`.execute(tx);
    try {
      await this.projection.apply(tx, [event]);
      await sql`release savepoint one_event`.execute(tx);
      return true;
    } catch (error) {
      if (isBlameless(error)) throw error;
      await sql`rollback to savepoint one_event`.execute(tx);
      await quarantineFailed(tx, this.projection, event, error);
      return false;
    }
  }
}

/** True when the same event would pass on a database that is there and has the tables this code knows. */
const isBlameless = (error: unknown): boolean => isOutsideFailure(error) || isSchemaFailure(error);
