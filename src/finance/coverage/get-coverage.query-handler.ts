import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { addDays, daysBetween } from '../../kernel/local-date.js';
import { DatabaseConnection } from '../../platform/database/database.js';
import { ProblemError } from '../../platform/http/problem.js';
import { merchantOf } from '../merchant-of.js';
import type { AccountCoverage } from './coverage.resource.js';
import { GetCoverage } from './get-coverage.query.js';

@QueryHandler(GetCoverage)
export class GetCoverageHandler implements IQueryHandler<GetCoverage> {
  constructor(private readonly db: DatabaseConnection) {}

  async execute({ asked, caller }: GetCoverage): Promise<AccountCoverage> {
    const { receiving_account_id: id, from, to } = asked;
    const account = await this.db.kysely
      .selectFrom('state.receiving_account')
      .select('merchant_id')
      .where('receiving_account_id', '=', id)
      .executeTakeFirst();
    if (account === undefined) throw new ProblemError('not_found');
    merchantOf(account.merchant_id, caller);
    const rows = await this.db.kysely
      .selectFrom('read.account_coverage')
      .selectAll()
      .where('receiving_account_id', '=', id)
      .where('day', '>=', from)
      .where('day', '<=', to)
      .execute();
    const known = new Map(rows.map((row) => [row.day, row]));
    const days = Array.from({ length: daysBetween(from, to) + 1 }, (_, n) => addDays(from, n));
    return {
      receiving_account_id: id,
      from,
      to,
      time_zone: 'America/Caracas',
      days: days.map((day) => {
        const row = known.get(day);
        const listed = row === undefined ? 'none' : 'partial';
        const completeAt = row?.last_complete_at?.toISOString() ?? null;
        return {
          day,
          coverage: completeAt === null ? listed : 'complete',
          last_listed_at: row?.last_swept_at.toISOString() ?? null,
          complete_at: completeAt,
        };
      }),
    };
  }
}
