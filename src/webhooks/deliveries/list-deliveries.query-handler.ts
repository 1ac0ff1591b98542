import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { sql, type SqlBool } from 'kysely';
import { PersonalDataConfig } from '../../platform/config/config.schema.js';
import { DatabaseConnection } from '../../platform/database/database.js';
import { PageCursors, type PageEnd } from '../../platform/http/page-cursor.js';
import { ProblemError } from '../../platform/http/problem.js';
import { ListDeliveries, type DeliveryPage } from './list-deliveries.query.js';
import './webhook-delivery.table.js';

const CONDITIONS = [
  ['merchant_id', 'merchant_id', sql`=`],
  ['mode', 'mode', sql`=`],
  ['endpoint_id', 'endpoint_id', sql`=`],
  ['transaction_id', 'transaction_id', sql`=`],
  ['status', 'status', sql`=`],
  ['type', 'type', sql`=`],
  ['created_at_from', 'created_at', sql`>=`],
  ['created_at_to', 'created_at', sql`<`],
] as const;

@QueryHandler(ListDeliveries)
export class ListDeliveriesHandler implements IQueryHandler<ListDeliveries> {
  private readonly cursors: PageCursors;

  constructor(
    private readonly db: DatabaseConnection,
    { indexKey }: PersonalDataConfig,
  ) {
    // Derived, so that nobody has to keep one more secret; a cursor holds nothing personal.
    this.cursors = new PageCursors(indexKey.reveal(), 'webhook deliveries');
  }

  async execute({ page, caller }: ListDeliveries): Promise<DeliveryPage> {
    const { limit, cursor, ...filters } = page;
    // A caller's own limits come last: nothing that was asked for widens them.
    const narrowing: Readonly<Record<string, unknown>> = {
      ...filters,
      ...(caller.merchantId === null ? {} : { merchant_id: caller.merchantId, mode: caller.mode }),
    };
    const after = cursor === undefined ? null : this.readCursor(cursor, narrowing);
    const narrowed = CONDITIONS.reduce(
      (query, [name, column, operator]) =>
        narrowing[name] === undefined
          ? query
          : query.where(sql<SqlBool>`${sql.ref(column)} ${operator} ${narrowing[name]}`),
      this.db.kysely.selectFrom('state.webhook_delivery').selectAll(),
    );
    const rest = after === null ? narrowed : narrowed.where('number', '<', after.key);
    // One more than asked for says whether there is another page.
    const rows = await rest
      .orderBy('number', 'desc')
      .limit(limit + 1)
      .execute();
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      rows: shown,
      nextCursor:
        last === undefined
          ? null
          : this.cursors.write({ key: last.number, id: last.delivery_id }, narrowing),
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
