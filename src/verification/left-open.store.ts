import { Injectable } from '@nestjs/common';
import { DatabaseConnection } from '../platform/database/database.js';
import './account-sweep.table.js';
import type { Watch } from './domain/watch.js';
import './verification-queue.table.js';

/** A sweep without an answer, and the stream it belongs to. */
export interface OverdueSweep {
  readonly sweepId: string;
  readonly receivingAccountId: string;
  readonly startedAt: Date;
}

// What is left over is found again a second later.
const RECOVERED_AT_ONCE = 100;

/** Finds what was begun and never ended, whoever began it. */
@Injectable()
export class LeftOpen {
  constructor(private readonly db: DatabaseConnection) {}

  /** Transactions with an ask whose deadline is past. */
  async withOverdueAsk(now: Date): Promise<readonly { transactionId: string; askId: string }[]> {
    const rows = await this.db.kysely
      .selectFrom('read.verification_queue')
      .select(['transaction_id', 'watch'])
      .where('ask_deadline_at', '<', now)
      .orderBy('ask_deadline_at')
      .limit(RECOVERED_AT_ONCE)
      .execute();
    return rows.flatMap(({ transaction_id: transactionId, watch: { openAsk } }) =>
      openAsk === null ? [] : [{ transactionId, askId: openAsk.askId }],
    );
  }

  /** Transactions with a binding that was begun before an instant. */
  async withProposalBefore(instant: Date): Promise<readonly string[]> {
    const rows = await this.db.kysely
      .selectFrom('read.verification_queue')
      .select('transaction_id')
      .where('proposed_at', '<', instant)
      .orderBy('proposed_at')
      .limit(RECOVERED_AT_ONCE)
      .execute();
    return rows.map((row) => row.transaction_id);
  }

  /** Transactions whose slot has yet to let go of a movement. */
  async owingRelease(): Promise<readonly Watch[]> {
    const rows = await this.db.kysely
      .selectFrom('read.verification_queue')
      .select('watch')
      .where('release_owed', '=', true)
      .limit(RECOVERED_AT_ONCE)
      .execute();
    return rows.map((row) => row.watch);
  }

  /** Sweeps whose deadline is past. */
  async overdueSweeps(now: Date): Promise<readonly OverdueSweep[]> {
    const rows = await this.db.kysely
      .selectFrom('read.account_sweep')
      .select(['sweep_id', 'receiving_account_id', 'started_at'])
      .where('answered_at', 'is', null)
      .where('deadline_at', '<', now)
      .limit(RECOVERED_AT_ONCE)
      .execute();
    return rows.map((row) => ({
      sweepId: row.sweep_id,
      receivingAccountId: row.receiving_account_id,
      startedAt: row.started_at,
    }));
  }
}
