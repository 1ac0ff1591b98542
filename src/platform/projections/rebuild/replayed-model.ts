import type { DatabaseConnection } from '../../database/database.js';
import type { LogPosition } from '../../event-store/event-store.js';
import type { StoredEvent } from '../../event-store/stored-event.js';
import { openCheckpoint, type Checkpoint } from '../checkpoint-store.js';
import { ProjectionWriter } from '../projection-writer.js';
import type { Projection } from '../projection.js';

/** A read model whose rows are being written in one schema, from wherever they stand. */
export class ReplayedModel {
  /** @throws NewerVersionLive when the schema holds rows of a newer version */
  static async open(db: DatabaseConnection, projection: Projection): Promise<ReplayedModel> {
    const writer = new ProjectionWriter(db, projection);
    const quarantined = await writer.open();
    return new ReplayedModel(
      projection,
      writer,
      await openCheckpoint(db.kysely, projection),
      quarantined,
    );
  }

  private readonly prefixes: readonly string[];

  private constructor(
    readonly projection: Projection,
    private readonly writer: ProjectionWriter,
    private checkpoint: Checkpoint,
    /** Events that could not be applied. */
    public quarantined: number,
  ) {
    this.prefixes = projection.categories.map((category) => `${category}-`);
  }

  get at(): LogPosition | null {
    return this.checkpoint.at;
  }

  isBefore({ position }: LogPosition): boolean {
    return this.at === null || this.at.position < position;
  }

  /** Applies what is its own, new to it and not after the position, and stands there; rows and checkpoint as one. */
  async apply(events: readonly StoredEvent[], upTo: LogPosition): Promise<void> {
    if (!this.isBefore(upTo)) return;
    const after = this.at?.position ?? -1n;
    const mine = events.filter(
      ({ position, streamName }) =>
        position > after &&
        position <= upTo.position &&
        this.prefixes.some((prefix) => streamName.startsWith(prefix)),
    );
    this.quarantined = await this.writer.apply(this.checkpoint, { events: mine, upTo });
    this.checkpoint = { ...this.checkpoint, at: upTo };
  }
}
