import { sql } from 'kysely';
import { PostgresConnection } from '../../src/platform/database/postgres-connection.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { freshDatabase, type TestDatabase } from './stores.js';

/** A migrated database of a test file's own, connected. */
export interface ReadModels {
  readonly db: PostgresConnection;
  /** Takes away all rows of the tables. */
  empty(...tables: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export async function freshReadModels(): Promise<ReadModels> {
  const database: TestDatabase = await freshDatabase();
  const db = new PostgresConnection(
    { url: database.url, poolSize: 6, onConnectionFailure: () => undefined },
    new Metrics(),
  );
  return {
    db,
    empty: async (...tables) => {
      await sql`truncate ${sql.join(tables.map((table) => sql.table(table)))}`.execute(db.kysely);
    },
    close: async () => {
      await db.close();
      await database.drop();
    },
  };
}
