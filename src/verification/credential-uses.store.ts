import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import {
  CredentialUses,
  type CredentialUse,
} from '../bank-gateway/credentials/credential-uses.port.js';
import { Clock } from '../kernel/clock.js';
import { AccountCensus } from '../merchants/account-census.port.js';
import type { DatabaseTransaction } from '../platform/database/database.js';
import './verification-queue.table.js';

/** The accounts that name a credential, and the claims that are still asked about under it. */
@Injectable()
export class StoredCredentialUses extends CredentialUses {
  constructor(
    private readonly accounts: AccountCensus,
    private readonly clock: Clock,
  ) {
    super();
  }

  async of(tx: DatabaseTransaction, credentialId: string): Promise<CredentialUse> {
    const accounts = await this.accounts.under(tx, credentialId);
    // An expired claim is matched late until its last day; a person may send one in review back to be asked about.
    const { rows } = await sql<{ there: number }>`
      select count(*)::int as there from read.verification_queue
      where credential_id = ${credentialId}
        and (standing in ('pending', 'in_review') or standing = 'expired'
          and (watch->'claim'->>'matchUntil')::timestamptz > ${this.clock.now()})`.execute(tx);
    return { accounts, openClaims: rows[0]?.there ?? 0 };
  }
}
