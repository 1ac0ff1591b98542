import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { DatabaseConnection, type DatabaseTransaction } from '../platform/database/database.js';

/** A merchant that wants to hear of its claims. */
export interface DigestReader {
  readonly merchantId: string;
  readonly name: string;
  readonly email: string;
  /** Up to where in the log it was told; null: never. */
  readonly position: bigint | null;
}

/** What happened to claims of a merchant since it was told last. */
export interface ClaimsNews {
  readonly review: number;
  readonly rejected: number;
}

/** How far each merchant was told, and of which claims. */
@Injectable()
export class ClaimsDigestStore {
  constructor(private readonly db: DatabaseConnection) {}

  inTransaction<T>(work: (tx: DatabaseTransaction) => Promise<T>): Promise<T> {
    return this.db.kysely.transaction().execute(work);
  }

  async readers(): Promise<readonly DigestReader[]> {
    const { rows } = await sql<DigestReader>`
      select m.merchant_id as "merchantId", m.name, m.contact_email as email, d.position
      from state.merchant m left join state.claims_digest d using (merchant_id)
      where m.contact_email is not null order by m.merchant_id`.execute(this.db.kysely);
    return rows;
  }

  /** Where the list of claims stands in the log. */
  async head(tx: DatabaseTransaction): Promise<bigint> {
    const { rows } = await sql<{ head: bigint }>`
      select coalesce(max(position), 0)::bigint as head from ${sql.table('read.transaction_view')}`.execute(
      tx,
    );
    return rows[0]?.head ?? 0n;
  }

  /**
   * Counts a merchant's claims that came to need somebody between two positions, and notes each: one that moves on
   * while it waits is not told again.
   */
  async takeNews(
    tx: DatabaseTransaction,
    { merchantId, after, upTo }: { merchantId: string; after: bigint; upTo: bigint },
    now: Date,
  ): Promise<ClaimsNews> {
    const { rows } = await sql<ClaimsNews>`
      with told as (
        insert into state.claim_told (transaction_id, status, told_at)
        select transaction_id, status, ${now} from ${sql.table('read.transaction_view')}
        where merchant_id = ${merchantId} and mode = 'live' and status in ('needs_review', 'rejected')
          and position > ${after} and position <= ${upTo}
        on conflict do nothing returning status
      )
      select count(*) filter (where status = 'needs_review')::int as review,
        count(*) filter (where status = 'rejected')::int as rejected from told`.execute(tx);
    return rows[0] ?? { review: 0, rejected: 0 };
  }

  async mark(tx: DatabaseTransaction, merchantId: string, position: bigint): Promise<void> {
    await sql`
      insert into state.claims_digest (merchant_id, position) values (${merchantId}, ${position})
      on conflict (merchant_id) do update set position = excluded.position`.execute(tx);
  }

  /** Forgets what was told before an instant. Tells how many. */
  async flush(before: Date): Promise<number> {
    const { numAffectedRows } = await sql`
      delete from state.claim_told where told_at < ${before}`.execute(this.db.kysely);
    return Number(numAffectedRows ?? 0n);
  }
}
