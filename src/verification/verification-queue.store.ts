import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { DatabaseConnection } from '../platform/database/database.js';
import type { Watch } from './domain/watch.js';
import './verification-queue.table.js';

/** A claim that is to be asked about; the queue may lag behind the log, so its stream has the last word. */
export interface DueAsk {
  readonly transactionId: string;
  readonly merchantId: string;
  readonly dueAt: Date;
  readonly askedOn: string;
  readonly watch: Watch;
}

export interface DueQuestion {
  readonly credentialId: string;
  readonly modes: readonly ('live' | 'test')[];
  readonly now: Date;
  /** Transactions that are under way already. */
  readonly except: readonly string[];
}

/** How many claims wait for a verdict, and since when the oldest does. */
export interface Census {
  readonly pending: number;
  readonly oldestSubmittedAt: Date | null;
}

// Two asks a minute need few; more than this many merchants take turns over several looks.
const MOST_MERCHANTS = 200;
const RECOVERED_AT_ONCE = 100;

/** Reads the due work that the projection derives from the log. */
@Injectable()
export class VerificationQueue {
  constructor(private readonly db: DatabaseConnection) {}

  /** Of each merchant the claim that is due the longest, pending ones before expired ones. */
  async due({ credentialId, modes, now, except }: DueQuestion): Promise<readonly DueAsk[]> {
    const rows = await this.db.kysely
      .selectFrom('read.verification_queue')
      .distinctOn('merchant_id')
      .select(['transaction_id', 'merchant_id', 'due_at', 'asked_on', 'watch'])
      .where('credential_id', '=', credentialId)
      .where('mode', 'in', modes)
      .where('due_at', '<=', now)
      .where('transaction_id', '<>', sql<string>`all(${[...except]}::uuid[])`)
      .orderBy('merchant_id')
      .orderBy('standing', 'desc')
      .orderBy('due_at')
      .limit(MOST_MERCHANTS)
      .execute();
    return rows.flatMap((row) =>
      row.due_at === null || row.asked_on === null
        ? []
        : [
            {
              transactionId: row.transaction_id,
              merchantId: row.merchant_id,
              dueAt: row.due_at,
              askedOn: row.asked_on,
              watch: row.watch,
            },
          ],
    );
  }

  /** How many pending claims of each merchant are due before a claim that is due at an instant. */
  async dueBefore(
    { credentialId, mode }: { readonly credentialId: string; readonly mode: 'live' | 'test' },
    instant: Date,
  ): Promise<ReadonlyMap<string, number>> {
    const rows = await this.db.kysely
      .selectFrom('read.verification_queue')
      .select(({ fn }) => ['merchant_id', fn.countAll<bigint>().as('claims')])
      .where('credential_id', '=', credentialId)
      .where('mode', '=', mode)
      .where('standing', '=', 'pending')
      .where('due_at', '<', instant)
      .groupBy('merchant_id')
      .execute();
    return new Map(rows.map((row) => [row.merchant_id, Number(row.claims)]));
  }

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

  async census(): Promise<Census> {
    const row = await this.db.kysely
      .selectFrom('read.verification_queue')
      .select(({ fn }) => [
        fn.countAll<bigint>().as('pending'),
        fn.min('submitted_at').as('oldest'),
      ])
      .where('standing', '=', 'pending')
      .executeTakeFirstOrThrow();
    return { pending: Number(row.pending), oldestSubmittedAt: row.oldest ?? null };
  }
}
