import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { sql, type SqlBool } from 'kysely';
import { PersonalDataConfig } from '../../platform/config/config.schema.js';
import { DatabaseConnection } from '../../platform/database/database.js';
import { PageCursors, type PageEnd } from '../../platform/http/page-cursor.js';
import { ProblemError } from '../../platform/http/problem.js';
import './audit-entry.table.js';
import { ListAudit, type AuditPage } from './list-audit.query.js';

const CONDITIONS = [
  ['actor', 'actor', sql`=`],
  ['subject', 'subject', sql`=`],
  ['act', 'act', sql`=`],
  ['result', 'result', sql`=`],
  ['from', 'at', sql`>=`],
  ['to', 'at', sql`<`],
] as const;

@QueryHandler(ListAudit)
export class ListAuditHandler implements IQueryHandler<ListAudit> {
  private readonly cursors: PageCursors;

  constructor(
    private readonly db: DatabaseConnection,
    { indexKey }: PersonalDataConfig,
  ) {
    // Derived, so that nobody has to keep one more secret; a cursor holds nothing personal.
    this.cursors = new PageCursors(indexKey.reveal(), 'audit');
  }

  async execute({ page }: ListAudit): Promise<AuditPage> {
    const { limit, cursor, ...narrowing } = page;
    const after = cursor === undefined ? null : this.readCursor(cursor, narrowing);
    const narrowed = CONDITIONS.reduce(
      (query, [name, column, operator]) =>
        narrowing[name] === undefined
          ? query
          : query.where(sql<SqlBool>`${sql.ref(column)} ${operator} ${narrowing[name]}`),
      this.db.kysely.selectFrom('read.audit_entry').selectAll(),
    );
    const rest = after === null ? narrowed : narrowed.where('position', '<', after.key);
    // One more than asked for says whether there is another page.
    const rows = await rest
      .orderBy('position', 'desc')
      .limit(limit + 1)
      .execute();
    const entries = rows.slice(0, limit);
    const last = rows.length > limit ? entries.at(-1) : undefined;
    return {
      entries,
      nextCursor:
        last === undefined
          ? null
          : this.cursors.write({ key: last.position, id: last.entry_id }, narrowing),
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
