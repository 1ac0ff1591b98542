import type { Kysely, Transaction } from 'kysely';

/**
 * All tables; each `*.table.ts` adds its own by declaration merging, so that platform knows no context.
 * Names carry their schema: `read.transaction_view` (rebuildable) or `state.api_key` (truth of its own).
 */
// oxlint-disable-next-line typescript/no-empty-object-type, typescript/no-empty-interface
export interface Database {}

/** Injection token and connection in one: `constructor(private readonly db: DatabaseConnection)`. */
export abstract class DatabaseConnection {
  abstract readonly kysely: Kysely<Database>;
}

export type DatabaseTransaction = Transaction<Database>;
