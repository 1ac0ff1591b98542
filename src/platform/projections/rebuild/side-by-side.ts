import { sql } from 'kysely';
import type { DatabaseConnection, DatabaseTransaction } from '../../database/database.js';
import type { EventStore, LogPosition } from '../../event-store/event-store.js';
import type { LogReader } from '../../event-store/log-reader.js';
import type { BatchLimits } from '../batch-reader.js';
import { findCheckpoint, liveVersion } from '../checkpoint-store.js';
import type { Projection } from '../projection.js';
import {
  bare,
  completeTables,
  dropTables,
  isComplete,
  isLike,
  makeTables,
  openSchema,
} from './beside-tables.js';
import { replay, type Leg, type ReplayProgress } from './replay.js';
import { ReplayedModel } from './replayed-model.js';
import { inSchema } from './schema-redirect.js';

/** A gap smaller than this is closed while the live rows wait, which nobody notices. */
const SMALL_GAP_EVENTS = 500;
const CATCH_UP_ROUNDS = 50;

export interface SideBySideParts {
  readonly db: DatabaseConnection;
  readonly store: EventStore;
  readonly log: Pick<LogReader, 'end'>;
  readonly limits: BatchLimits;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ReplayProgress) => void;
}

/** Nobody has followed the log into the live rows yet, so there is nothing to build beside them. */
export class NothingLive extends Error {
  override name = 'NothingLive';
}

/**
 * Read models in another schema beside the live ones: made, filled from the log and brought level with them. They
 * never go further than the live rows, so that both can be compared as of one position; nor further than the log, which
 * after a restore may end before what the live rows have seen.
 */
export class SideBySide {
  private models: readonly ReplayedModel[] = [];
  /** Replayed so far, over all rounds. */
  private events = 0;

  constructor(
    readonly schema: string,
    readonly projections: readonly Projection[],
    private readonly parts: SideBySideParts,
  ) {}

  /** Goes on with what an earlier run left, or begins anew; says which of them go on. */
  async open({ fresh }: { readonly fresh: boolean }): Promise<readonly string[]> {
    const { db } = this.parts;
    await openSchema(db.kysely, this.schema);
    const resumed: string[] = [];
    for (const projection of this.projections) {
      if (!fresh && (await this.hasTables(projection, isLike))) resumed.push(projection.name);
      else await makeTables(db.kysely, this.schema, projection);
    }
    await this.load();
    return resumed;
  }

  /** Opens what is there and makes nothing; false when a table is missing or is of another version. */
  async openExisting(): Promise<boolean> {
    const { db } = this.parts;
    for (const table of ['projection_checkpoint', 'quarantined_event']) {
      if (!(await isLike(db.kysely, this.schema, table))) return false;
    }
    for (const projection of this.projections) {
      if (!(await this.hasTables(projection, isComplete))) return false;
    }
    await this.load();
    return true;
  }

  get quarantined(): number {
    return this.models.reduce((sum, { quarantined }) => sum + quarantined, 0);
  }

  /** Gives the tables what readers need and a replay does not. */
  async complete(): Promise<void> {
    for (const projection of this.projections) {
      await completeTables(this.parts.db.kysely, this.schema, projection);
    }
  }

  /** Replays until little is missing. Gives how many events were applied. @throws NothingLive */
  async catchUp(): Promise<number> {
    let events = 0;
    for (let round = 0; round < CATCH_UP_ROUNDS; round += 1) {
      const applied = await this.advance();
      events += applied;
      if (applied < SMALL_GAP_EVENTS) break;
    }
    return events;
  }

  /**
   * Does something while the live rows and these stand at one position and nobody moves either: the live followers
   * wait for their checkpoints, readers do not wait.
   */
  async level<T>(work: (tx: DatabaseTransaction) => Promise<T>): Promise<T> {
    await this.catchUp();
    return this.parts.db.kysely.transaction().execute(async (tx) => {
      // Whatever else this connection commits may be lost and replayed; a switch may not.
      await sql`set local synchronous_commit = on`.execute(tx);
      await sql`set local lock_timeout = '10s'`.execute(tx);
      await tx
        .selectFrom('read.projection_checkpoint')
        .select('name')
        .where(
          'name',
          'in',
          this.projections.map(({ name }) => name),
        )
        .orderBy('name')
        .forUpdate()
        .execute();
      await this.advance();
      return work(tx);
    });
  }

  /** Takes away the tables; the schema too, when nothing else is in it. */
  async drop(): Promise<void> {
    const { kysely } = this.parts.db;
    await kysely.transaction().execute(async (tx) => {
      for (const projection of this.projections) await dropTables(tx, this.schema, projection);
    });
  }

  private async load(): Promise<void> {
    const there = inSchema(this.parts.db, this.schema);
    this.models = await Promise.all(
      this.projections.map((projection) => ReplayedModel.open(there, projection)),
    );
  }

  private async advance(): Promise<number> {
    const legs: Leg[] = [];
    const end = await this.parts.log.end();
    for (const model of this.models) {
      const live = await this.liveAt(model.projection);
      // Nothing of its own has happened yet: both sides are empty, and level.
      if (live === null) continue;
      // What is appended to a restored log lies where events were lost, and a checkpoint beyond it would pass it over.
      legs.push({ model, to: end !== null && end.position < live.position ? end : live });
    }
    const { events: before } = this;
    const applied = await replay(legs, {
      ...this.parts,
      onProgress: (progress) =>
        this.parts.onProgress({ ...progress, events: before + progress.events }),
    });
    this.events += applied;
    return applied;
  }

  /** Where the live rows stand, of whatever version they are; null before their first event. */
  private async liveAt({ name }: Projection): Promise<LogPosition | null> {
    const { kysely } = this.parts.db;
    const version = await liveVersion(kysely, name);
    const live = version === null ? null : await findCheckpoint(kysely, { name, version });
    if (live === null) {
      throw new NothingLive(`nothing has followed the log into ${name} yet; it is built in place`);
    }
    return live.at;
  }

  private async hasTables(projection: Projection, fits: typeof isLike): Promise<boolean> {
    const { kysely } = this.parts.db;
    for (const table of projection.tables.map(bare)) {
      if (!(await fits(kysely, this.schema, table))) return false;
    }
    return (await findCheckpoint(inSchema(this.parts.db, this.schema).kysely, projection)) !== null;
  }
}
