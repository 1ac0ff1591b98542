import type { Selectable } from 'kysely';
import type { DatabaseConnection } from '../database/database.js';
import type { Anchor } from './anchor.js';
import type { LogAnchorTable } from './log-anchor.table.js';
import '../projections/checkpoint.table.js';
import './log-anchor.table.js';

/** The anchors of the log in schema `state`. */
export class LogAnchors {
  constructor(private readonly db: DatabaseConnection) {}

  async all(): Promise<readonly Anchor[]> {
    const rows = await this.db.kysely
      .selectFrom('state.log_anchor')
      .selectAll()
      .orderBy('position')
      .execute();
    return rows.map(anchorOf);
  }

  async latest(): Promise<Anchor | null> {
    const row = await this.db.kysely
      .selectFrom('state.log_anchor')
      .selectAll()
      .orderBy('position', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row === undefined ? null : anchorOf(row);
  }

  /** Keeps an anchor; false when another process has anchored that position. */
  async add({ at, events, digest, signedAt, signature }: Anchor): Promise<boolean> {
    const { numInsertedOrUpdatedRows: added = 0n } = await this.db.kysely
      .insertInto('state.log_anchor')
      .values({
        position: at.position,
        prepare_position: at.preparePosition,
        events,
        digest,
        signed_at: signedAt,
        signature,
      })
      .onConflict((conflict) => conflict.column('position').doNothing())
      .executeTakeFirstOrThrow();
    return added > 0n;
  }

  /** The furthest place of the log that a read model has seen; null when none has seen anything. */
  async seenByReadModels(): Promise<bigint | null> {
    const { seen } = await this.db.kysely
      .selectFrom('read.projection_checkpoint')
      .select(({ fn }) => fn.max('position').as('seen'))
      .executeTakeFirstOrThrow();
    return seen;
  }
}

const anchorOf = (row: Selectable<LogAnchorTable>): Anchor => ({
  at: { position: row.position, preparePosition: row.prepare_position },
  events: row.events,
  digest: row.digest,
  signedAt: row.signed_at,
  signature: row.signature,
});
