import { Logger } from '@nestjs/common';
import { sql } from 'kysely';
import type { DatabaseConnection, DatabaseTransaction } from '../../platform/database/database.js';
import type { PermitLimits } from './permit-limits.js';
import { PERMIT_VALID_MS } from './quota.js';

// The cluster, and its timeline: a promoted standby and a restored backup each begin a new one.
const IDENTITY = sql`
  (select system_identifier::text from pg_control_system())
  || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)`;

// The function is unknown, forbidden or not supported: as on some managed servers, for good.
const NEVER_TOLD = new Set(['42883', '42501', '0A000']);

/** Whether this server says who it is. */
export class PermitGround {
  private readonly logger = new Logger('PermitGround');
  private tellable: Promise<boolean> | null = null;

  constructor(private readonly database: DatabaseConnection) {}

  /** To be asked outside of a transaction: it would be spoilt by a no. @throws the driver's error when Postgres is away */
  isTellable(): Promise<boolean> {
    this.tellable ??= this.tryToTell().catch((error: unknown) => {
      this.tellable = null;
      throw error;
    });
    return this.tellable;
  }

  private async tryToTell(): Promise<boolean> {
    try {
      await sql`select ${IDENTITY}`.execute(this.database.kysely);
      return true;
    } catch (error) {
      const code = (error as { code?: string }).code ?? '';
      if (!NEVER_TOLD.has(code)) throw error;
      this.logger.warn({ msg: 'a failover of Postgres would not be noticed', code });
      return false;
    }
  }
}

/**
 * Notices that permits are written on another server than before, under the lock of the credential. What the last one
 * had given out may be missing here, so nothing is sent until all of it must have left the bank's window.
 */
export async function waitOutNewGround(
  tx: DatabaseTransaction,
  credentialId: string,
  limits: PermitLimits,
): Promise<void> {
  const longestMs = PERMIT_VALID_MS + limits.callDeadlineMs + limits.windowMs + limits.marginMs;
  // A system column tells a row that was there before from one that is new: on fresh ground nothing was lost.
  await sql`
    with moved as (
      insert into state.permit_ground as present (credential_id, identity)
      values (${credentialId}, ${IDENTITY})
      on conflict (credential_id) do update set identity = excluded.identity
      where present.identity <> excluded.identity
      returning xmax::text <> '0' as was_known
    )
    insert into state.cool_down as present (credential_id, until_at, reason)
    select ${credentialId}, clock_timestamp() + ${longestMs}::float8 * interval '1 millisecond',
      'new_ground'
    from moved where was_known
    on conflict (credential_id) do update set until_at = excluded.until_at, reason = excluded.reason
    where excluded.until_at > present.until_at`.execute(tx);
}
