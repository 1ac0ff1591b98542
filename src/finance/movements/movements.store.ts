import { sql, type Kysely, type RawBuilder, type SqlBool } from 'kysely';
import type { Database } from '../../platform/database/database.js';
import type { PageEnd } from '../../platform/http/page-cursor.js';
import type { CommissionShare } from '../../verification/commission-shares.port.js';
import type { ListMovementsQuery, MOVEMENT_STATES } from './list-movements.request.js';
import type { MovementTable } from './movement.table.js';

/** A movement with what other tables say of it. */
export interface ListedMovement extends MovementTable {
  readonly state: (typeof MOVEMENT_STATES)[number];
  readonly receiving_account_id: string | null;
  readonly merchant_id: string | null;
  readonly verified_at: Date | null;
}

export type Narrowing = Omit<
  ListMovementsQuery,
  'limit' | 'cursor' | 'min_age_hours' | 'merchant_id'
> & {
  readonly merchant_id?: string | undefined;
  readonly observed_until?: Date | undefined;
};

const MOVEMENT = sql.table('read.movement');
const VIEW = sql.table('read.transaction_view');
const ACCOUNT = sql.table('state.receiving_account');

/** Whether a movement, as `m`, is what a bank took beside a payment. */
export const isCommission = (shares: readonly CommissionShare[]): RawBuilder<SqlBool> =>
  shares.length === 0
    ? sql`false`
    : sql`coalesce(m.amount_minor::numeric * 10000 <= m.larger_twin_minor::numeric * case m.bank ${sql.join(
        shares.map(({ bank, basisPoints }) => sql`when ${bank}::text then ${basisPoints}::numeric`),
        sql` `,
      )} else 0 end, false)`;

/**
 * Every movement of live claims and live accounts, once, with its state. A sandbox's is left out: one that a test
 * claim holds, or that was only seen when the bank was asked about a test claim.
 */
export const liveMovements = (
  shares: readonly CommissionShare[],
): RawBuilder<ListedMovement> => sql`
  select m.*,
    case
      when m.direction = 'debit' then 'debit'
      when m.holder_transaction_id is not null then 'claimed'
      when ${isCommission(shares)} then 'commission'
      else 'unclaimed'
    end as state,
    account.receiving_account_id,
    coalesce(account.merchant_id, m.holder_merchant_id) as merchant_id,
    holder.verified_at
  from ${MOVEMENT} m
  cross join lateral (
    select case when m.asked_for ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
      then m.asked_for::uuid end as id
  ) asked
  left join ${ACCOUNT} account on account.account_number = m.account
  left join ${ACCOUNT} listed on listed.receiving_account_id = asked.id
  left join ${VIEW} claim on claim.transaction_id = asked.id
  left join ${VIEW} holder on holder.transaction_id = m.holder_transaction_id
  where coalesce(
    holder.mode, case when listed.receiving_account_id is not null then 'live' else claim.mode end
  ) = 'live'`;

const CONDITIONS = [
  ['merchant_id', 'merchant_id', sql`=`],
  ['receiving_account_id', 'receiving_account_id', sql`=`],
  ['bank', 'bank', sql`=`],
  ['state', 'state', sql`=`],
  ['currency', 'currency', sql`=`],
  ['amount_min', 'amount_minor', sql`>=`],
  ['amount_max', 'amount_minor', sql`<=`],
  ['bank_on_from', 'bank_on', sql`>=`],
  ['bank_on_to', 'bank_on', sql`<=`],
  ['observed_until', 'observed_at', sql`<=`],
] as const satisfies readonly [keyof Narrowing, keyof ListedMovement, unknown][];

/** A page, the movements that were seen last first. */
export function selectMovements(
  narrowing: Narrowing,
  after: PageEnd | null,
  { shares, limit }: { readonly shares: readonly CommissionShare[]; readonly limit: number },
): RawBuilder<ListedMovement> {
  const conditions = CONDITIONS.flatMap(([name, column, operator]) => {
    const value = narrowing[name];
    return value === undefined ? [] : [sql`${sql.ref(column)} ${operator} ${value}`];
  });
  const rest =
    after === null
      ? []
      : [sql`(observed_position, movement_id) < (${after.key}, ${after.id}::uuid)`];
  return sql<ListedMovement>`
    select * from (${liveMovements(shares)}) movement
    where ${sql.join([sql`true`, ...conditions, ...rest], sql` and `)}
    order by observed_position desc, movement_id desc limit ${limit}`;
}

/** A withdrawn claim that a credit may be the payment of. */
export interface WithdrawnClaim {
  readonly transaction_id: string;
  readonly merchant_id: string;
  readonly receiving_account_id: string;
  readonly bank: string;
  readonly reference: string;
  readonly amount_minor: bigint;
  readonly currency: string;
  readonly paid_on: string;
}

// A page holds a hundred credits; more claims of the same amounts and days prove nothing.
const MOST_WITHDRAWN = 1_000;

/** Withdrawn claims of the amounts of some credits, on their days or beside them. */
export async function withdrawnClaims(
  db: Kysely<Database>,
  credits: readonly ListedMovement[],
  merchantId: string | null,
): Promise<readonly WithdrawnClaim[]> {
  if (credits.length === 0) return [];
  const days = credits.map(({ bank_on: day }) => day).sort((one, other) => (one < other ? -1 : 1));
  const amounts = [...new Set(credits.map(({ amount_minor: amount }) => String(amount)))];
  const claims = db
    .selectFrom('read.transaction_view')
    .select(['transaction_id', 'merchant_id', 'receiving_account_id', 'bank', 'reference'])
    .select(['amount_minor', 'currency', 'paid_on'])
    .where('status', '=', 'cancelled')
    .where('mode', '=', 'live')
    .where('amount_minor', '=', sql<bigint>`any(${amounts}::bigint[])`)
    .where('paid_on', '>=', sql<string>`${days[0]}::date - 1`)
    .where('paid_on', '<=', sql<string>`${days.at(-1)}::date + 1`);
  const whose = merchantId === null ? claims : claims.where('merchant_id', '=', merchantId);
  return whose.orderBy('submitted_position').limit(MOST_WITHDRAWN).execute();
}

/** How many credits that were first seen since an instant nobody has claimed. */
export async function countUnclaimed(
  db: Kysely<Database>,
  shares: readonly CommissionShare[],
  since: Date,
): Promise<number> {
  const { rows } = await sql<{ unclaimed: bigint }>`
    select count(*) as unclaimed from (${liveMovements(shares)}
      and m.holder_transaction_id is null and m.direction = 'credit' and m.observed_at >= ${since}
    ) movement where state = 'unclaimed'`.execute(db);
  return Number(rows[0]?.unclaimed ?? 0);
}
