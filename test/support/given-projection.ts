import { sql } from 'kysely';
import type { DatabaseConnection } from '../../src/platform/database/database.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import type { Projection } from '../../src/platform/projections/projection.js';

type Row = Record<string, unknown>;

/** Applies events as the runner does: a batch in a transaction. */
export const applied = (
  db: DatabaseConnection,
  projection: Projection,
  events: readonly StoredEvent[],
): Promise<void> => db.kysely.transaction().execute((tx) => projection.apply(tx, events));

/** All rows of a table, in the order of a column. */
export async function rowsOf(
  db: DatabaseConnection,
  table: string,
  orderBy: string,
): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select * from ${sql.table(table)} order by ${sql.ref(orderBy)}`.execute(db.kysely);
  return rows;
}

/** Given events, then rows; and the same rows when the last event, or all of them, come again. */
export const givenProjection = (db: DatabaseConnection, projection: Projection) => ({
  given: (...events: readonly StoredEvent[]) => ({
    thenRows: async (
      { table, orderBy }: { readonly table: string; readonly orderBy: string },
      rows: readonly Row[],
    ): Promise<void> => {
      await applied(db, projection, events);
      const once = await rowsOf(db, table, orderBy);
      expect(once).toEqual(rows.map((row) => expect.objectContaining(row)));
      await applied(db, projection, events.slice(-1));
      expect(await rowsOf(db, table, orderBy)).toEqual(once);
      await applied(db, projection, events);
      expect(await rowsOf(db, table, orderBy)).toEqual(once);
    },
  }),
});
