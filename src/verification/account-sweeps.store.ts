import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { LocalDate } from '../kernel/local-date.js';
import { DatabaseConnection } from '../platform/database/database.js';
import './account-sweep.table.js';
import type { DayRange } from './domain/planner.js';
import type { Watch } from './domain/watch.js';
import './verification-queue.table.js';

/** A sweep as it is told of a claim that it covered. */
export interface SweepTold {
  readonly sweepId: string;
  readonly from: string;
  readonly to: string;
  readonly startedAt: Date;
  readonly answeredAt: Date | null;
  readonly outcome: string | null;
  readonly movements: number | null;
}

// Days lose no rows, so that a range stays too large; only another contract would change it.
const TOO_LARGE_FOR_HOURS = 7 * 24;
const MOST_RANGES = 1_000;
const MOST_CLAIMS = 5_000;
const MOST_TOLD = 20;

/** Reads what the projection keeps of listings, and the claims that one of them concerns. */
@Injectable()
export class AccountSweeps {
  constructor(private readonly db: DatabaseConnection) {}

  /** Ranges that the bank lately called too large. */
  async tooLarge(credentialId: string, now: Date): Promise<readonly DayRange[]> {
    const since = new Date(now.getTime() - TOO_LARGE_FOR_HOURS * 3_600_000);
    const rows = await this.db.kysely
      .selectFrom('read.account_sweep')
      .select(['receiving_account_id', 'from_on', 'to_on'])
      .distinct()
      .where('credential_id', '=', credentialId)
      .where('outcome', '=', 'range_too_large')
      .where('answered_at', '>', since)
      .limit(MOST_RANGES)
      .execute();
    return rows.map((row) => ({
      receivingAccountId: row.receiving_account_id,
      from: row.from_on as LocalDate,
      to: row.to_on as LocalDate,
    }));
  }

  /** The open claims that rows of these days may concern: those days and their neighbours. */
  async openClaims(
    { receivingAccountId, from, to }: DayRange,
    modes: readonly ('live' | 'test')[],
  ): Promise<readonly Watch[]> {
    const rows = await this.db.kysely
      .selectFrom('read.verification_queue')
      .select('watch')
      .where('receiving_account_id', '=', receivingAccountId)
      .where('mode', 'in', modes)
      .where('standing', 'in', ['pending', 'expired', 'in_review'])
      .where('paid_on', '>=', sql<string>`${from}::date - 1`)
      .where('paid_on', '<=', sql<string>`${to}::date + 1`)
      .orderBy('submitted_at')
      .limit(MOST_CLAIMS)
      .execute();
    return rows.map((row) => row.watch);
  }

  /** Verified transactions of an account whose credit had one of these amounts: what a debit may take back. */
  async verifiedWith(
    receivingAccountId: string,
    amounts: readonly bigint[],
  ): Promise<readonly Watch[]> {
    if (amounts.length === 0) return [];
    const rows = await this.db.kysely
      .selectFrom('read.verification_queue')
      .select('watch')
      .where('receiving_account_id', '=', receivingAccountId)
      .where('standing', '=', 'verified')
      .where(
        sql<bigint>`(watch->'lastProposed'->>'amountMinor')::bigint`,
        '=',
        sql<bigint>`any(${amounts.map(String)}::bigint[])`,
      )
      .limit(MOST_CLAIMS)
      .execute();
    return rows.map((row) => row.watch);
  }

  /** The latest sweeps that covered a claim's day since it was submitted, newest first. */
  async covering({ claim }: Watch): Promise<readonly SweepTold[]> {
    const rows = await this.db.kysely
      .selectFrom('read.account_sweep')
      .selectAll()
      .where('receiving_account_id', '=', claim.receivingAccountId)
      .where('credential_id', '=', claim.credentialId)
      .where('from_on', '<=', claim.paidOn)
      .where('to_on', '>=', claim.paidOn)
      .where('started_at', '>=', new Date(claim.submittedAt))
      .orderBy('started_at', 'desc')
      .limit(MOST_TOLD)
      .execute();
    return rows.map((row) => ({
      sweepId: row.sweep_id,
      from: row.from_on,
      to: row.to_on,
      startedAt: row.started_at,
      answeredAt: row.answered_at,
      outcome: row.outcome,
      movements: row.movements,
    }));
  }
}
