import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
} from 'kysely';
import type { Database } from '../../src/platform/database/database.js';

/** Builds statements and sends them nowhere. */
export const statements = new Kysely<Database>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

/** What Postgres would be sent, for a reviewer to read. */
export const compiled = (query: {
  compile(db: typeof statements): CompiledQuery;
}): { readonly sql: string; readonly parameters: readonly unknown[] } => {
  const { sql, parameters } = query.compile(statements);
  return { sql, parameters };
};
