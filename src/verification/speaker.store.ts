import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Clock } from '../kernel/clock.js';
import { RandomSource } from '../kernel/ids.js';
import { DatabaseConnection } from '../platform/database/database.js';
import './speaker.table.js';

// Another instance takes over this long after the last word of one that died.
const HELD_FOR_MS = 6_000;
const RENEWED_AFTER_MS = 2_000;

// Demand fades for ever and never ends; Postgres refuses a number too small for its type.
const inThousandths = (share: number): number => Math.round(share * 1_000) / 1_000;

const fromNow = (ms: number) => sql`clock_timestamp() + ${ms}::float8 * interval '1 millisecond'`;

/** What the instance that speaks for a credential tells those who foresee what it will do. */
export interface SpeakersWord {
  /** How large a share of the permits first asks take. */
  readonly firstAskShare: number;
  /** How long it still leaves a bank alone that it cannot reach. */
  readonly circuitOpenMs: number;
}

const NO_WORD: SpeakersWord = { firstAskShare: 0, circuitOpenMs: 0 };

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

  /**
   * True when this instance speaks for the credential now; it leaves word beside that.
   * @throws the driver's error when Postgres is away
   */
  async tryHold(credentialId: string, word: SpeakersWord): Promise<boolean> {
    const nowMs = this.clock.monotonicMs();
    const renewedMs = this.renewedAtMs.get(credentialId);
    if (renewedMs !== undefined && nowMs - renewedMs < RENEWED_AFTER_MS) return true;
    const { rows } = await sql`
      insert into state.credential_speaker as present
        (credential_id, holder, until_at, first_ask_share, circuit_open_until)
      values (
        ${credentialId}, ${this.holder},
        ${fromNow(HELD_FOR_MS)}, ${inThousandths(word.firstAskShare)}, ${fromNow(word.circuitOpenMs)}
      )
      on conflict (credential_id) do update set holder = excluded.holder, until_at = excluded.until_at,
        first_ask_share = excluded.first_ask_share, circuit_open_until = excluded.circuit_open_until
      where present.holder = excluded.holder or present.until_at < clock_timestamp()
      returning holder`.execute(this.db.kysely);
    if (rows.length === 0) this.renewedAtMs.delete(credentialId);
    else this.renewedAtMs.set(credentialId, nowMs);
    return rows.length > 0;
  }

  /** What the instance that speaks for the credential said last. */
  async word(credentialId: string): Promise<SpeakersWord> {
    const row = await this.db.kysely
      .selectFrom('state.credential_speaker')
      .select([
        'first_ask_share',
        sql<number>`greatest(0, extract(epoch from circuit_open_until - clock_timestamp())::float8 * 1000)`.as(
          'circuit_open_ms',
        ),
      ])
      .where('credential_id', '=', credentialId)
      .executeTakeFirst();
    if (row === undefined) return NO_WORD;
    return { firstAskShare: row.first_ask_share, circuitOpenMs: Math.ceil(row.circuit_open_ms) };
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
