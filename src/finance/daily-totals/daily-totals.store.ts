import { sql, type Kysely } from 'kysely';
import type { Database } from '../../platform/database/database.js';
import type { DailyTotalsQuery } from './daily-totals.request.js';
import './daily-totals.table.js';

export type TotalsAsked = Omit<DailyTotalsQuery, 'as_of'>;

/** Sums over merchants where more than one is asked for. The bank's sum is null unless it covers every transaction. */
export function selectTotals(
  db: Kysely<Database>,
  { from, to, currency }: TotalsAsked,
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

/** The same as of a position of the log: the sum of every change up to it. */
export function selectTotalsAt(
  db: Kysely<Database>,
  { from, to, currency }: TotalsAsked,
  { merchantId, position }: { readonly merchantId: string | null; readonly position: bigint },
) {
  const days = db
    .selectFrom('read.daily_total_change')
    .where('day', '>=', from)
    .where('day', '<=', to)
    .where('position', '<=', position);
  const money = currency === undefined ? days : days.where('currency', '=', currency);
  const whose = merchantId === null ? money : money.where('merchant_id', '=', merchantId);
  return whose
    .select(['day', 'currency', 'status'])
    .select([
      sql<bigint>`sum(times)`.as('transactions'),
      sql<string>`sum(times * claimed_minor)`.as('claimed_minor'),
      sql<string | null>`case when sum(times) filter (where bank_minor is not null) = sum(times)
        then sum(times * bank_minor) end`.as('bank_minor'),
    ])
    .groupBy(['day', 'currency', 'status'])
    .having(sql<boolean>`sum(times) <> 0`)
    .orderBy('day')
    .orderBy('currency')
    .orderBy('status');
}
