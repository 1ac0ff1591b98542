import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { sql, type Kysely, type SqlBool } from 'kysely';
import { DatabaseConnection, type Database } from '../../platform/database/database.js';
import { PageCursors, type PageEnd } from '../../platform/http/page-cursor.js';
import { ProblemError } from '../../platform/http/problem.js';
import { PersonalDataVault } from '../../platform/personal-data/personal-data.js';
import { canonicalReference } from '../domain/reference.js';
import type { TransactionFilters } from './list-transactions.request.js';
import { ListTransactions, type TransactionPage } from './list-transactions.query.js';
import { resourceOfRow } from './row.resource.js';
import type { TransactionViewTable } from './transaction-view.table.js';

/** What the rows must be like; a caller's own limits are among it and cannot be widened. */
export type Narrowing = TransactionFilters & {
  readonly mode?: 'live' | 'test';
  readonly payer_phone_index?: string;
};

const EQUAL = [
  'merchant_id',
  'mode',
  'status',
  'bank',
  'origin_bank',
  'kind',
  'type',
  'external_id',
  'currency',
  'payer_phone_index',
] as const satisfies readonly (keyof Narrowing & keyof TransactionViewTable)[];

const BOUNDS = [
  ['amount_min', 'amount_minor', sql`>=`],
  ['amount_max', 'amount_minor', sql`<=`],
  ['paid_on_from', 'paid_on', sql`>=`],
  ['paid_on_to', 'paid_on', sql`<=`],
  ['submitted_at_from', 'submitted_at', sql`>=`],
  ['submitted_at_to', 'submitted_at', sql`<`],
] as const satisfies readonly [keyof Narrowing, keyof TransactionViewTable, unknown][];

/** Rows that answer a narrowing, newest first, after the end of another page. */
export function selectPage(db: Kysely<Database>, narrowing: Narrowing, after: PageEnd | null) {
  const { reference } = narrowing;
  const conditions = [
    ...EQUAL.map((column) => ({ column, operator: sql`=`, value: narrowing[column] })),
    ...BOUNDS.map(([name, column, operator]) => ({ column, operator, value: narrowing[name] })),
    {
      column: 'reference_canonical',
      operator: sql`=`,
      value: reference === undefined ? undefined : canonicalReference(reference),
    },
  ].filter(({ value }) => value !== undefined);
  const narrowed = conditions.reduce(
    (query, { column, operator, value }) =>
      query.where(sql<SqlBool>`${sql.ref(column)} ${operator} ${value}`),
    db.selectFrom('read.transaction_view').selectAll(),
  );
  const rest =
    after === null
      ? narrowed
      : narrowed.where(
          sql<SqlBool>`(submitted_position, transaction_id) < (${after.key}, ${after.id}::uuid)`,
        );
  return rest.orderBy('submitted_position', 'desc').orderBy('transaction_id', 'desc');
}

@QueryHandler(ListTransactions)
export class ListTransactionsHandler implements IQueryHandler<ListTransactions> {
  constructor(
    private readonly db: DatabaseConnection,
    private readonly vault: PersonalDataVault,
    private readonly cursors: PageCursors,
  ) {}

  async execute({ page, caller }: ListTransactions): Promise<TransactionPage> {
    const { limit, cursor, payerPhone: phone = null, ...filters } = page;
    const narrowing: Narrowing = {
      ...filters,
      ...(phone === null ? {} : { payer_phone_index: this.vault.blindIndex('phone', phone) }),
      ...(caller.merchantId === null ? {} : { merchant_id: caller.merchantId, mode: caller.mode }),
    };
    const after = cursor === undefined ? null : this.readCursor(cursor, narrowing);
    // One more than asked for says whether there is another page.
    const rows = await selectPage(this.db.kysely, narrowing, after)
      .limit(limit + 1)
      .execute();
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      data: shown.map(resourceOfRow),
      nextCursor:
        last === undefined
          ? null
          : this.cursors.write(
              { key: last.submitted_position, id: last.transaction_id },
              narrowing,
            ),
    };
  }

  private readCursor(cursor: string, narrowing: Narrowing): PageEnd {
    const after = this.cursors.read(cursor, narrowing);
    if (after !== null) return after;
    const reason = 'is not a cursor of this list with these filters';
    throw new ProblemError('invalid_input', {
      errors: [{ in: 'query', pointer: '/cursor', reason }],
    });
  }
}
