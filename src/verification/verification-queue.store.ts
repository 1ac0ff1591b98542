import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { DatabaseConnection } from '../platform/database/database.js';
import type { LocalDate } from '../kernel/local-date.js';
import type { DueDay } from './domain/planner.js';
import type { Watch } from './domain/watch.js';
import './account-sweep.table.js';
import './verification-queue.table.js';

/** A claim that is to be asked about; the queue may lag behind the log, so its stream has the last word. */
export interface DueAsk {
  readonly transactionId: string;
  readonly merchantId: string;
  readonly dueAt: Date;
  /** Since when it waits for company no longer. */
  readonly readyAt: Date;
  readonly askedOn: string;
  readonly watch: Watch;
}

export interface DueQuestion {
  readonly credentialId: string;
  readonly modes: readonly ('live' | 'test')[];
  readonly now: Date;
  /** Which share of its patience each claim must have, 0 to 1. */
  readonly patience: number;
  /** Whether what may wait for company is left out; otherwise it comes after what may not. */
  readonly waitsForCompany: boolean;
  /** Transactions that are under way already. */
  readonly except: readonly string[];
}

/** What is due, and how many claims of one merchant are wanted at most. */
export interface DueClaimsQuestion extends DueQuestion {
  readonly perMerchant: number;
}

/** Who goes before a claim. */
export interface BeforeQuestion extends Pick<DueQuestion, 'now' | 'patience' | 'waitsForCompany'> {
  readonly credentialId: string;
  readonly mode: 'live' | 'test';
  /** Since when the claim itself waits for company no longer. */
  readonly readyAt: Date;
}

/** Claims of one merchant on one account that go before another. */
export interface ClaimsBefore {
  readonly merchantId: string;
  readonly receivingAccountId: string;
  readonly claims: number;
}

/** How many claims wait for a verdict, and since when the oldest does. */
export interface Census {
  readonly pending: number;
  readonly oldestSubmittedAt: Date | null;
}

// Two asks a minute need few; more than this many merchants take turns over several looks.
const MOST_CLAIMS = 200;
// Days and accounts of one credential that a plan weighs; the fullest come first.
const MOST_DAYS = 1_000;

// A few hours of a quota of two a minute: recent enough to know how the bank is today.
const VERDICTS_LOOKED_AT = 200;

/** When a claim waits for company no longer. */
const readyAtOf = ({ patience }: Pick<DueQuestion, 'patience'>) =>
  sql<Date>`due_at + ${patience}::float8 * patience_ms * interval '1 millisecond'`;

/** Reads the due work that the projection derives from the log. */
@Injectable()
export class VerificationQueue {
  constructor(private readonly db: DatabaseConnection) {}

  /**
   * Of each merchant the claims that have been ready the longest, pending ones before expired ones; before all, those
   * that the merchant wants asked about now. First of all comes the first claim of each merchant.
   */
  async due(question: DueClaimsQuestion): Promise<readonly DueAsk[]> {
    const { credentialId, modes, now, except } = question;
    const readyAt = readyAtOf(question);
    // Only ids are sorted: there may be thousands, and a whole row is a kilobyte.
    const ranked = this.db.kysely
      .selectFrom('read.verification_queue')
      .select(['transaction_id', readyAt.as('ready_at')])
      .select(
        sql<bigint>`row_number() over (partition by merchant_id
          order by requested_at is null, standing desc, ${readyAt})`.as('place'),
      )
      .where('credential_id', '=', credentialId)
      .where('mode', 'in', modes)
      .where('due_at', '<=', now)
      .$if(question.waitsForCompany, (query) => query.where(readyAt, '<=', now))
      .where('transaction_id', '<>', sql<string>`all(${[...except]}::uuid[])`);
    const rows = await this.db.kysely
      .selectFrom(ranked.as('ranked'))
      .innerJoin(
        'read.verification_queue as claim',
        'claim.transaction_id',
        'ranked.transaction_id',
      )
      .select(['claim.transaction_id', 'merchant_id', 'due_at', 'asked_on', 'watch', 'ready_at'])
      .where('place', '<=', sql<bigint>`${question.perMerchant}`)
      .orderBy('place')
      .orderBy('merchant_id')
      .limit(MOST_CLAIMS)
      .execute();
    return rows.flatMap((row) =>
      row.due_at === null || row.asked_on === null
        ? []
        : [
            {
              transactionId: row.transaction_id,
              merchantId: row.merchant_id,
              dueAt: row.due_at,
              readyAt: row.ready_at,
              askedOn: row.asked_on,
              watch: row.watch,
            },
          ],
    );
  }

  /** How many claims are due about each day of each account, and how many wait beside them. */
  async dueDays(question: DueQuestion): Promise<readonly DueDay[]> {
    const { credentialId, modes, now, except } = question;
    const rows = await this.db.kysely
      .selectFrom('read.verification_queue')
      .select(({ fn }) => [
        'receiving_account_id',
        'merchant_id',
        'asked_on',
        fn.countAll<bigint>().as('waiting'),
        sql<bigint>`count(*) filter (where due_at <= ${now})`.as('claims'),
        sql<bigint>`count(*) filter (where ${readyAtOf(question)} <= ${now})`.as('ready'),
        sql<boolean>`coalesce(bool_or((watch->>'asksStarted')::int = 0 and (watch->>'conclusive')::int = 0)
          filter (where due_at <= ${now}), false)`.as('has_fresh'),
      ])
      .where('credential_id', '=', credentialId)
      .where('mode', 'in', modes)
      .where('due_at', 'is not', null)
      .where('transaction_id', '<>', sql<string>`all(${[...except]}::uuid[])`)
      .groupBy(['receiving_account_id', 'merchant_id', 'asked_on'])
      .orderBy('claims', 'desc')
      .limit(MOST_DAYS)
      .execute();
    return rows.map((row) => ({
      receivingAccountId: row.receiving_account_id,
      merchantId: row.merchant_id,
      day: row.asked_on as LocalDate,
      claims: Number(row.claims),
      ready: Number(row.ready),
      waiting: Number(row.waiting),
      hasFresh: row.has_fresh,
    }));
  }

  /** How many pending claims of each merchant and account are due now, and ready before a claim that is at an instant. */
  async before(question: BeforeQuestion): Promise<readonly ClaimsBefore[]> {
    const { credentialId, mode, now, waitsForCompany } = question;
    const readyAt = readyAtOf(question);
    const rows = await this.db.kysely
      .selectFrom('read.verification_queue')
      .select(({ fn }) => [
        'merchant_id',
        'receiving_account_id',
        fn.countAll<bigint>().as('claims'),
      ])
      .where('credential_id', '=', credentialId)
      .where('mode', '=', mode)
      .where('standing', '=', 'pending')
      .where('due_at', '<', now)
      .where(readyAt, '<', question.readyAt)
      .$if(waitsForCompany, (query) => query.where(readyAt, '<=', now))
      .groupBy(['merchant_id', 'receiving_account_id'])
      .execute();
    return rows.map((row) => ({
      merchantId: row.merchant_id,
      receivingAccountId: row.receiving_account_id,
      claims: Number(row.claims),
    }));
  }

  /** How often the bank has listed a claim's day since an instant, whoever brought it about. */
  async listingsOf({ claim }: Watch, since: Date): Promise<number> {
    const row = await this.db.kysely
      .selectFrom('read.account_sweep')
      .select(({ fn }) => fn.countAll<bigint>().as('listings'))
      .where('receiving_account_id', '=', claim.receivingAccountId)
      .where('from_on', '<=', claim.paidOn)
      .where('to_on', '>=', claim.paidOn)
      .where('started_at', '>=', since)
      .where('outcome', 'in', ['found', 'not_visible_yet'])
      .executeTakeFirstOrThrow();
    return Number(row.listings);
  }

  /** How long the latest verifications under a credential took, in milliseconds. */
  async verdictDelays({
    credentialId,
    mode,
  }: {
    readonly credentialId: string;
    readonly mode: 'live' | 'test';
  }): Promise<readonly number[]> {
    const rows = await this.db.kysely
      .selectFrom('read.verification_queue')
      .select(['submitted_at', 'verified_at'])
      .where('credential_id', '=', credentialId)
      .where('mode', '=', mode)
      .where('verified_at', 'is not', null)
      .orderBy('verified_at', 'desc')
      .limit(VERDICTS_LOOKED_AT)
      .execute();
    return rows.flatMap(({ submitted_at: from, verified_at: to }) =>
      to === null ? [] : [to.getTime() - from.getTime()],
    );
  }

  /** The pending claims that came last. */
  async newest(count: number): Promise<readonly Watch[]> {
    const rows = await this.db.kysely
      .selectFrom('read.verification_queue')
      .select('watch')
      .where('standing', '=', 'pending')
      .orderBy('submitted_at', 'desc')
      .limit(count)
      .execute();
    return rows.map((row) => row.watch);
  }

  /** Those of some transactions that are pending no more. */
  async settled(
    ids: readonly string[],
  ): Promise<readonly { readonly transactionId: string; readonly watch: Watch }[]> {
    const rows = await this.db.kysely
      .selectFrom('read.verification_queue')
      .select(['transaction_id', 'watch'])
      .where('transaction_id', '=', sql<string>`any(${[...ids]}::uuid[])`)
      .where('standing', '<>', 'pending')
      .execute();
    return rows.map((row) => ({ transactionId: row.transaction_id, watch: row.watch }));
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
