import { Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { Clock } from '../../kernel/clock.js';
import { DatabaseConnection, type Database } from '../../platform/database/database.js';
import type { LogPosition } from '../../platform/event-store/event-store.js';
import { LogReader } from '../../platform/event-store/log-reader.js';
import { writePositionToken } from '../../platform/http/position-token.js';
import { ProblemError } from '../../platform/http/problem.js';
import { ReadModelProgress } from '../../platform/projections/read-model-progress.js';
import type { AsOf } from './as-of.request.js';
import './report-position.table.js';

// The store's clock and ours may differ by this; after it, nothing is stamped with the instant any more.
const CLOCKS_APART_MS = 2_000;
const WAIT_MS = 5_000;
const LOOK_EVERY_MS = 200;
// Marks are a minute apart; more lies between them only while they are still being made.
const MOST_LOOKED_AT = 100_000;

/** Where the log stood, and whether anything after the instant is there to prove it. */
interface Found {
  readonly position: bigint;
  readonly proven: boolean;
}

const notReached = (facts: Record<string, string | number> = {}): ProblemError =>
  new ProblemError('as_of_not_reached', { facts, headers: { 'retry-after': '1' } });

const LARGEST = 2n ** 63n - 1n;

/** Before which position every event is in the rows of a read model, as far as the quarantine goes. */
async function firstHeld(db: Kysely<Database>, readModel: string): Promise<bigint> {
  const { first } = await db
    .selectFrom('read.quarantined_event')
    .select((select) => select.fn.min('position').as('first'))
    .where('projection', '=', readModel)
    .executeTakeFirstOrThrow();
  return first ?? LARGEST;
}

/** Turns "as of when" into a position of the log, once, and makes sure that a read model shows it (decision 110). */
@Injectable()
export class ReportPositions {
  constructor(
    private readonly db: DatabaseConnection,
    private readonly log: LogReader,
    private readonly progress: ReadModelProgress,
    private readonly clock: Clock,
  ) {}

  /**
   * The position that an instant stands for, which a read model has reached.
   * @throws ProblemError           the instant is to come; or the read model lacks something before the position
   * @throws EventStoreUnavailable
   */
  async reached(asOf: AsOf, readModel: string): Promise<bigint> {
    const position = 'position' in asOf ? asOf.position : await this.of(asOf.instant);
    const behind = await this.progress.waitFor(
      readModel,
      { position },
      this.clock.timeout(WAIT_MS),
    );
    if (behind !== null) {
      throw notReached({
        position_token: writePositionToken({ position: behind.reached }),
        behind_seconds: behind.seconds,
      });
    }
    if ((await firstHeld(this.db.kysely, readModel)) <= position) throw notReached();
    return position;
  }

  /** Where the log ends; 0 while it is empty. @throws EventStoreUnavailable */
  async end(): Promise<bigint> {
    return (await this.log.end())?.position ?? 0n;
  }

  /**
   * The position that the rows of a read model stand for as a transaction sees them; null before the first event, and
   * while events are held aside, since the rows of that position are others once those are applied.
   */
  async standing(tx: Kysely<Database>, readModel: string): Promise<bigint | null> {
    const checkpoint = await tx
      .selectFrom('read.projection_checkpoint')
      .select('position')
      .where('name', '=', readModel)
      .orderBy('version', 'desc')
      .executeTakeFirst();
    const position = checkpoint?.position ?? null;
    return position === null || (await firstHeld(tx, readModel)) <= position ? null : position;
  }

  /** The position of an instant: that which was found first stands. */
  async of(instant: Date): Promise<bigint> {
    const known = await this.stored(instant);
    if (known !== null) return known;
    if (instant.getTime() > this.clock.now().getTime() + CLOCKS_APART_MS) {
      const reason = 'must not be in the future';
      throw new ProblemError('invalid_input', {
        errors: [{ in: 'query', pointer: '/as_of', reason }],
      });
    }
    const position = await this.settled(instant);
    await this.db.kysely
      .insertInto('state.report_position')
      .values({ as_of: instant, position, resolved_at: this.clock.now() })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return (await this.stored(instant)) ?? position;
  }

  private async stored(instant: Date): Promise<bigint | null> {
    const row = await this.db.kysely
      .selectFrom('state.report_position')
      .select('position')
      .where('as_of', '=', instant)
      .executeTakeFirst();
    return row?.position ?? null;
  }

  /** Waits until nothing can be stamped with the instant any more: a later event is there, or time has passed. */
  private async settled(instant: Date): Promise<bigint> {
    const until = this.clock.monotonicMs() + WAIT_MS;
    for (;;) {
      const passed = this.clock.now().getTime() - instant.getTime() >= CLOCKS_APART_MS;
      const { position, proven } = await this.look(instant);
      if (proven || passed) return position;
      if (this.clock.monotonicMs() >= until) throw notReached();
      await this.clock.pause(LOOK_EVERY_MS, this.clock.timeout(WAIT_MS));
    }
  }

  /** The last event before the first that the store stamped with a later instant, read from the mark before it. */
  private async look(instant: Date): Promise<Found> {
    const mark = await this.markBefore(instant);
    let position = mark?.position ?? 0n;
    let looked = 0;
    for await (const event of this.log.readAll(mark)) {
      if (event.recordedAt > instant) return { position, proven: true };
      position = event.position;
      looked += 1;
      if (looked > MOST_LOOKED_AT) throw notReached();
    }
    return { position, proven: false };
  }

  private async markBefore(instant: Date): Promise<LogPosition | null> {
    const mark = await this.db.kysely
      .selectFrom('read.log_mark')
      .select(['position', 'prepare_position'])
      .where('recorded_at', '<=', instant)
      .orderBy('position', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (mark === undefined) return null;
    return { position: mark.position, preparePosition: mark.prepare_position };
  }
}
