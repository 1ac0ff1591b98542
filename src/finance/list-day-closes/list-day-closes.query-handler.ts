import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { sql, type SqlBool } from 'kysely';
import { PersonalDataConfig } from '../../platform/config/config.schema.js';
import { DatabaseConnection } from '../../platform/database/database.js';
import { PageCursors, type PageEnd } from '../../platform/http/page-cursor.js';
import { ProblemError } from '../../platform/http/problem.js';
import { resourceOfClose } from '../close-day/day-close.resource.js';
import { merchantOf } from '../merchant-of.js';
import './day-close.table.js';
import { ListDayCloses, type DayClosePage } from './list-day-closes.query.js';

const CONDITIONS = [
  ['merchant_id', 'merchant_id', sql`=`],
  ['receiving_account_id', 'receiving_account_id', sql`=`],
  ['day_from', 'day', sql`>=`],
  ['day_to', 'day', sql`<=`],
] as const;

@QueryHandler(ListDayCloses)
export class ListDayClosesHandler implements IQueryHandler<ListDayCloses> {
  private readonly cursors: PageCursors;

  constructor(
    private readonly db: DatabaseConnection,
    { indexKey }: PersonalDataConfig,
  ) {
    // Derived, so that nobody has to keep one more secret; a cursor holds nothing personal.
    this.cursors = new PageCursors(indexKey.reveal(), 'day closes');
  }

  async execute({ page, caller }: ListDayCloses): Promise<DayClosePage> {
    const { limit, cursor, ...filters } = page;
    const merchantId = merchantOf(filters.merchant_id, caller);
    const narrowing = { ...filters, ...(merchantId === null ? {} : { merchant_id: merchantId }) };
    const after = cursor === undefined ? null : this.readCursor(cursor, narrowing);
    const narrowed = CONDITIONS.reduce(
      (query, [name, column, operator]) =>
        narrowing[name] === undefined
          ? query
          : query.where(sql<SqlBool>`${sql.ref(column)} ${operator} ${narrowing[name]}`),
      this.db.kysely.selectFrom('read.day_close').select(['position', 'close']),
    );
    const rest = after === null ? narrowed : narrowed.where('position', '<', after.key);
    // One more than asked for says whether there is another page.
    const rows = await rest
      .orderBy('position', 'desc')
      .limit(limit + 1)
      .execute();
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      data: shown.map(({ close }) => resourceOfClose(close)),
      nextCursor:
        last === undefined
          ? null
          : this.cursors.write({ key: last.position, id: last.close.day }, narrowing),
    };
  }

  private readCursor(cursor: string, narrowing: object): PageEnd {
    const after = this.cursors.read(cursor, narrowing);
    if (after !== null) return after;
    const reason = 'is not a cursor of this list with these filters';
    throw new ProblemError('invalid_input', {
      errors: [{ in: 'query', pointer: '/cursor', reason }],
    });
  }
}
