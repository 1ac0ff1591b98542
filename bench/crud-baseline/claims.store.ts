import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { Pool } from 'pg';
import type { SubmitTransactionBody } from '../../src/transactions/submit-transaction/submit-transaction.request.js';
import { BASELINE_SCHEMA, type BaselineDatabase } from './claim.table.js';

const POOL_SIZE = 16;

export interface StoredClaim {
  readonly id: string;
  readonly status: 'pending';
}

/** A claim as a row and its history as rows: the usual way to build this. */
@Injectable()
export class ClaimsStore {
  private readonly db = new Kysely<BaselineDatabase>({
    dialect: new PostgresDialect({
      pool: new Pool({ connectionString: process.env['DATABASE_URL'], max: POOL_SIZE }),
    }),
  });

  async prepare(key: { prefix: string; hash: Buffer; merchantId: string }): Promise<void> {
    await sql.raw(BASELINE_SCHEMA).execute(this.db);
    const row = { prefix: key.prefix, secret_hash: key.hash, merchant_id: key.merchantId };
    await this.db
      .insertInto('baseline.api_key')
      .values(row)
      .onConflict((conflict) => conflict.column('prefix').doNothing())
      .execute();
  }

  async apiKey(prefix: string): Promise<BaselineDatabase['baseline.api_key'] | null> {
    const row = await this.db
      .selectFrom('baseline.api_key')
      .selectAll()
      .where('prefix', '=', prefix)
      .executeTakeFirst();
    return row ?? null;
  }

  /** One row and one line of history, in one transaction. */
  async add(merchantId: string, body: SubmitTransactionBody): Promise<StoredClaim> {
    const claimId = randomUUID();
    const claim = {
      claim_id: claimId,
      merchant_id: merchantId,
      external_id: body.external_id,
      kind: body.kind,
      type: body.type,
      receiving_account_id: body.receiving_account_id,
      origin_bank: body.origin_bank,
      reference: body.reference,
      amount_minor: String(body.amount),
      currency: body.currency,
      paid_on: body.paid_on,
      payer: JSON.stringify(body.payer),
      status: 'pending',
    };
    const entry = {
      claim_id: claimId,
      status: 'pending',
      actor: merchantId,
      change: JSON.stringify(claim),
    };
    await this.db.transaction().execute(async (tx) => {
      await tx.insertInto('baseline.claim').values(claim).execute();
      await tx.insertInto('baseline.claim_history').values(entry).execute();
    });
    return { id: claimId, status: 'pending' };
  }
}
