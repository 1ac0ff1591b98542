import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { ReceivingAccount } from '../../merchants/merchant-directory.port.js';
import { DatabaseConnection, type DatabaseTransaction } from '../../platform/database/database.js';
import { findCheckpoint } from '../../platform/projections/checkpoint-store.js';
import {
  CommissionShares,
  type CommissionShare,
} from '../../verification/commission-shares.port.js';
import { ReportPositions } from '../as-of/report-positions.store.js';
import type { DayCoverage } from '../events/day-closed.event.js';
import '../movements/movement.table.js';
import { MovementsProjection } from '../movements/movements.projection.js';
import { isCommission } from '../movements/movements.store.js';
import '../transaction-states/transaction-state.table.js';
import {
  CLOSE_REPORT_VERSION,
  figuresOf,
  type ClaimedSums,
  type MovementSums,
  type ReadFigures,
} from './day-figures.js';

type Account = Pick<
  ReceivingAccount,
  'receivingAccountId' | 'merchantId' | 'accountNumber' | 'bank'
>;

interface SeenMovements {
  readonly position: bigint;
  readonly coverage: DayCoverage;
  readonly sums: readonly MovementSums[];
}

/** Reads what a day of an account comes to, at one place in the log. */
@Injectable()
export class DayFiguresReader {
  constructor(
    private readonly db: DatabaseConnection,
    private readonly positions: ReportPositions,
    private readonly movements: MovementsProjection,
    private readonly shares: CommissionShares,
  ) {}

  /** @throws ProblemError when a read model is too far behind */
  async read(account: Account, day: string): Promise<ReadFigures> {
    const end = await this.positions.end();
    // Both at once: each may wait a moment for what it follows.
    await Promise.all(
      [this.movements.name, STATES].map((name) => this.positions.reached({ position: end }, name)),
    );
    const seen = await this.seenMovements(account, day, end);
    // What was said of transactions can be asked at any place, so it follows the movements to theirs.
    await this.positions.reached(seen, STATES);
    const claims = await this.claims(account, day, seen.position);
    return {
      position: seen.position.toString(),
      reportVersion: CLOSE_REPORT_VERSION,
      coverage: seen.coverage,
      figures: figuresOf(claims, seen.sums, seen.coverage),
    };
  }

  /** Movements are kept as they are now: one snapshot tells them together with the place at which they stand. */
  private seenMovements(account: Account, day: string, end: bigint): Promise<SeenMovements> {
    return this.db.kysely
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(async (tx) => {
        const checkpoint = await findCheckpoint(tx, this.movements);
        const at = checkpoint?.at?.position ?? 0n;
        return {
          position: at > end ? at : end,
          coverage: await coverageOf(tx, account, day),
          sums: await sumsOf(tx, account, { day, shares: this.shares.all() }),
        };
      });
  }

  private async claims(
    { receivingAccountId, merchantId }: Account,
    day: string,
    position: bigint,
  ): Promise<readonly ClaimedSums[]> {
    const isAbsent = sql`bank_minor is null and status in ('pending', 'needs_review', 'expired')`;
    const isOpen = sql`status in ('pending', 'needs_review')`;
    const rows = await this.db.kysely
      .selectFrom('read.transaction_state')
      .select('currency')
      .select([
        sql<string>`count(*) filter (where ${isAbsent})`.as('absent'),
        sql<string>`coalesce(sum(claimed_minor) filter (where ${isAbsent}), 0)`.as('absent_minor'),
        sql<string>`count(*) filter (where ${isOpen})`.as('open'),
        sql<string>`coalesce(sum(claimed_minor) filter (where ${isOpen}), 0)`.as('open_minor'),
      ])
      .where('merchant_id', '=', merchantId)
      .where('receiving_account_id', '=', receivingAccountId)
      .where('day', '=', day)
      .where('from_position', '<=', position)
      .where((state) =>
        state.or([state('until_position', 'is', null), state('until_position', '>', position)]),
      )
      .groupBy('currency')
      .execute();
    return rows.map((row) => ({
      currency: row.currency,
      claimedButAbsent: { count: Number(row.absent), minor: row.absent_minor },
      openClaims: { count: Number(row.open), minor: row.open_minor },
    }));
  }
}

const STATES = 'transaction-states';
const UUID = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

async function coverageOf(
  tx: DatabaseTransaction,
  { receivingAccountId }: Account,
  day: string,
): Promise<DayCoverage> {
  const covered = await tx
    .selectFrom('read.account_coverage')
    .select('complete_position')
    .where('receiving_account_id', '=', receivingAccountId)
    .where('day', '=', day)
    .executeTakeFirst();
  if (covered === undefined) return 'none';
  return covered.complete_position === null ? 'partial' : 'complete';
}

/**
 * Credits of the day that are the account's: it is named, or the bank was asked about one of its claims and named none.
 * What only a claim of a test key was answered with is no money, and what the bank took beside a payment is nobody's.
 */
async function sumsOf(
  tx: DatabaseTransaction,
  { receivingAccountId, accountNumber, bank }: Account,
  { day, shares }: { readonly day: string; readonly shares: readonly CommissionShare[] },
): Promise<readonly MovementSums[]> {
  const isClaimed = sql`holder_transaction_id is not null`;
  const { rows } = await sql<{
    readonly currency: string;
    readonly claimed: string;
    readonly claimed_minor: string;
    readonly unclaimed: string;
    readonly unclaimed_minor: string;
  }>`
    select currency,
      count(*) filter (where ${isClaimed}) as claimed,
      coalesce(sum(amount_minor) filter (where ${isClaimed}), 0) as claimed_minor,
      count(*) filter (where not (${isClaimed})) as unclaimed,
      coalesce(sum(amount_minor) filter (where not (${isClaimed})), 0) as unclaimed_minor
    from read.movement m
    where bank_on = ${day} and bank = ${bank} and direction = 'credit'
      and (${isClaimed} or not ${isCommission(shares)})
      and (account = ${accountNumber} or account is null)
      and (
        asked_for = ${receivingAccountId}
        or exists (
          select from read.transaction_state
          where transaction_id = case when asked_for ~ ${UUID} then asked_for::uuid end
            and (account is not null or receiving_account_id = ${receivingAccountId})
        )
      )
    group by currency`.execute(tx);
  return rows.map((row) => ({
    currency: row.currency,
    claimed: { count: Number(row.claimed), minor: row.claimed_minor },
    unclaimed: { count: Number(row.unclaimed), minor: row.unclaimed_minor },
  }));
}
