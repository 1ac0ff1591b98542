import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { sql, type Kysely } from 'kysely';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import { DatabaseConnection, type Database } from '../../platform/database/database.js';
import { ProblemError } from '../../platform/http/problem.js';
import type { DailyTotalsQuery } from './daily-totals.request.js';
import { jsonSum, type DailyTotals } from './daily-totals.resource.js';
import './daily-totals.table.js';
import { GetDailyTotals } from './get-daily-totals.query.js';

@QueryHandler(GetDailyTotals)
export class GetDailyTotalsHandler implements IQueryHandler<GetDailyTotals> {
  constructor(private readonly db: DatabaseConnection) {}

  async execute({ range, caller }: GetDailyTotals): Promise<DailyTotals> {
    const merchantId = merchantOf(range, caller);
    const rows = await selectTotals(this.db.kysely, range, merchantId).execute();
    return {
      from: range.from,
      to: range.to,
      time_zone: 'America/Caracas',
      day_is: 'bank_on_else_paid_on',
      // No sweep feeds these figures yet, so nothing is known of credits that nobody claimed.
      coverage: 'none',
      data: rows.map((row) => ({
        day: row.day,
        currency: row.currency,
        status: row.status,
        transactions: Number(row.transactions),
        claimed_amount: jsonSum(row.claimed_minor),
        bank_amount: row.bank_minor === null ? null : jsonSum(row.bank_minor),
      })),
    };
  }
}

/** Whose totals; null for everybody's. A merchant's key sees its own, and a test key none: its claims never count. */
function merchantOf(range: DailyTotalsQuery, caller: CallerIdentity): string | null {
  const asked = range.merchant_id ?? null;
  if (caller.merchantId === null) return asked;
  const foreign = asked !== null && asked !== caller.merchantId;
  // Whether another merchant exists is nobody's business.
  if (foreign) throw new ProblemError('not_found');
  if (caller.mode === 'test') throw new ProblemError('not_permitted');
  return caller.merchantId;
}

/** Sums over merchants where more than one is asked for. The bank's sum is null unless it covers every transaction. */
export function selectTotals(
  db: Kysely<Database>,
  { from, to, currency }: DailyTotalsQuery,
  merchantId: string | null,
) {
  const days = db.selectFrom('read.daily_total').where('day', '>=', from).where('day', '<=', to);
  const money = currency === undefined ? days : days.where('currency', '=', currency);
  const whose = merchantId === null ? money : money.where('merchant_id', '=', merchantId);
  return whose
    .select(['day', 'currency', 'status'])
    .select([
      sql<string>`sum(transactions)`.as('transactions'),
      sql<string>`sum(claimed_minor)`.as('claimed_minor'),
      sql<string | null>`case when sum(bank_transactions) = sum(transactions)
        then sum(bank_minor) end`.as('bank_minor'),
    ])
    .groupBy(['day', 'currency', 'status'])
    .orderBy('day')
    .orderBy('currency')
    .orderBy('status');
}
