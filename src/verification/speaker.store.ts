import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Clock } from '../kernel/clock.js';
import { RandomSource } from '../kernel/ids.js';
import { DatabaseConnection } from '../platform/database/database.js';
import './speaker.table.js';

// Another instance takes over this long after the last word of one that died.
const HELD_FOR_MS = 6_000;
const RENEWED_AFTER_MS = 2_000;

/**
 * One instance at a time speaks for a credential (product.md, section 5). It only keeps instances out of each other's
 * way: the quota rests on the permits, which two speakers would share just as well. A row rather than a session's
 * lock, since a lock outlives a machine that vanished for as long as TCP takes to notice.
 */
@Injectable()
export class Speakers {
  private readonly holder: string;
  private readonly renewedAtMs = new Map<string, number>();

  constructor(
    private readonly db: DatabaseConnection,
    private readonly clock: Clock,
    random: RandomSource,
  ) {
    this.holder = random.uuid();
  }

  /** True when this instance speaks for the credential now. @throws the driver's error when Postgres is away */
  async tryHold(credentialId: string): Promise<boolean> {
    const nowMs = this.clock.monotonicMs();
    const renewedMs = this.renewedAtMs.get(credentialId);
    if (renewedMs !== undefined && nowMs - renewedMs < RENEWED_AFTER_MS) return true;
    const { rows } = await sql`
      insert into state.credential_speaker as present (credential_id, holder, until_at)
      values (
        ${credentialId}, ${this.holder},
        clock_timestamp() + ${HELD_FOR_MS}::float8 * interval '1 millisecond'
      )
      on conflict (credential_id) do update set holder = excluded.holder, until_at = excluded.until_at
      where present.holder = excluded.holder or present.until_at < clock_timestamp()
      returning holder`.execute(this.db.kysely);
    if (rows.length === 0) this.renewedAtMs.delete(credentialId);
    else this.renewedAtMs.set(credentialId, nowMs);
    return rows.length > 0;
  }

  /** Lets another instance speak at once, when this one stops. */
  async release(): Promise<void> {
    this.renewedAtMs.clear();
    await this.db.kysely
      .deleteFrom('state.credential_speaker')
      .where('holder', '=', this.holder)
      .execute();
  }
}
