import { Injectable } from '@nestjs/common';
import { sql, type Kysely, type SqlBool } from 'kysely';
import { DatabaseConnection, type Database } from '../../platform/database/database.js';
import type { TransactionStateTable } from '../transaction-states/transaction-state.table.js';
import { EXPORT_FILTERS, type ExportFilters } from './export-transactions.request.js';

/** Days, what of them, and the place in the log at which they are looked at. */
export interface ExportNarrowing extends ExportFilters {
  readonly from: string;
  readonly to: string;
  readonly position: bigint;
}

interface RowsEnd {
  readonly day: string;
  readonly transaction_id: string;
}

// A page is written while the one before it is sent: some hundred kilobytes each.
const ROWS_AT_ONCE = 1_000;

/** What was said at one place in the log, by day, after the end of another page. */
function selectStates(
  db: Kysely<Database>,
  { from, to, position, ...filters }: ExportNarrowing,
  after: RowsEnd | null,
) {
  const then = db
    .selectFrom('read.transaction_state')
    .selectAll()
    .where('day', '>=', from)
    .where('day', '<=', to)
    .where('from_position', '<=', position)
    .where((state) =>
      state.or([state('until_position', 'is', null), state('until_position', '>', position)]),
    );
  const narrowed = EXPORT_FILTERS.reduce(
    (query, column) =>
      filters[column] === undefined ? query : query.where(column, '=', filters[column]),
    then,
  );
  const rest =
    after === null
      ? narrowed
      : narrowed.where(
          sql<SqlBool>`(day, transaction_id) > (${after.day}::date, ${after.transaction_id}::uuid)`,
        );
  return rest.orderBy('day').orderBy('transaction_id').limit(ROWS_AT_ONCE);
}

/** Transactions as they stood at one place in the log. */
@Injectable()
export class TransactionStatePages {
  constructor(private readonly db: DatabaseConnection) {}

  /**
   * Page after page, one held at a time. No transaction is kept open meanwhile: what held at a place in the log holds
   * there for ever, so every page agrees with the one before.
   */
  async *of(narrowing: ExportNarrowing): AsyncGenerator<readonly TransactionStateTable[]> {
    let after: RowsEnd | null = null;
    for (;;) {
      const rows: readonly TransactionStateTable[] = await selectStates(
        this.db.kysely,
        narrowing,
        after,
      ).execute();
      yield rows;
      after = rows.at(-1) ?? null;
      if (after === null || rows.length < ROWS_AT_ONCE) return;
    }
  }
}
