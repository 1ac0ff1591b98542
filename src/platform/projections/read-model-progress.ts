import type { Clock } from '../../kernel/clock.js';
import { assert } from '../../kernel/assert.js';
import type { DatabaseConnection } from '../database/database.js';
import type { LogPosition } from '../event-store/event-store.js';
import type { LogReader } from '../event-store/log-reader.js';
import { pause } from '../workers/pause.js';
import { behindAt, type Behind } from './behind.js';
import { findCheckpoint } from './checkpoint-store.js';
import type { ProjectionRegistry } from './projection-registry.js';
import type { Projection } from './projection.js';
import type { AppendQueue, QueuedAppends } from './queued-appends.js';

/** A write that an answer told of: where it stands in the log, or its place in the queue before the log. */
export type Written = { readonly position: bigint } | { readonly queued: bigint };

// A batch is applied within a tenth of a second; who is not served in two will not be in five.
const WAIT_MS = 2_000;
const FIRST_LOOK_AFTER_MS = 10;
const LOOK_EVERY_MS = 100;
// Whoever is served by the rows themselves is served before that, and costs no read of the log.
const ASK_THE_LOG_AFTER_MS = 150;
// A checkpoint is moved about every thousand events, its own or not; more than that is a backlog.
const MOST_LOOKED_AT = 10_000;

export interface ProgressParts {
  readonly registry: ProjectionRegistry;
  readonly db: DatabaseConnection;
  readonly log: LogReader;
  readonly clock: Clock;
  readonly queued: QueuedAppends;
}

interface Wait {
  readonly until: number;
  readonly signal: AbortSignal;
}

/** Knows how far read models are, whichever process applies the events. */
export class ReadModelProgress {
  constructor(
    private readonly parts: ProgressParts,
    private readonly waitMs = WAIT_MS,
  ) {}

  /**
   * Waits until a read model shows what was written, bounded; null when it does.
   * @throws EventStoreUnavailable  when it is behind and nobody can say how far
   */
  async waitFor(name: string, written: Written, signal: AbortSignal): Promise<Behind | null> {
    const projection = this.projection(name);
    const { clock, log } = this.parts;
    const wait: Wait = { until: clock.monotonicMs() + this.waitMs, signal };
    if ('position' in written) return this.waitForPosition(projection, written.position, wait);
    const queue = this.parts.queued.queue;
    if (queue === null || !projection.categories.includes(queue.category)) return null;
    const since = await this.waitInQueue(queue, written.queued, wait);
    if (since !== null) return this.behind(await this.checkpointOf(projection), since);
    return this.waitForPosition(projection, (await log.end())?.position ?? 0n, wait);
  }

  /** Null once the write has reached the log, else since when it waits. */
  private async waitInQueue(queue: AppendQueue, id: bigint, wait: Wait): Promise<Date | null> {
    for (;;) {
      const since = await queue.since(id);
      if (since === null || this.isOver(wait)) return since;
      await pause(LOOK_EVERY_MS, wait.signal);
    }
  }

  private async waitForPosition(
    projection: Projection,
    position: bigint,
    wait: Wait,
  ): Promise<Behind | null> {
    const { clock } = this.parts;
    const asksAt = clock.monotonicMs() + ASK_THE_LOG_AFTER_MS;
    let needed: bigint | null = null;
    let pauseMs = FIRST_LOOK_AFTER_MS;
    for (;;) {
      const at = await this.checkpointOf(projection);
      if (at !== null && at.position >= (needed ?? position)) return null;
      const isOver = this.isOver(wait);
      if (isOver || (needed === null && clock.monotonicMs() >= asksAt)) {
        const { oldest, last } = await this.missing(projection, at, position);
        if (last === null) return null;
        if (isOver) return this.behind(at, oldest);
        needed = last;
      }
      await pause(pauseMs, wait.signal);
      pauseMs = Math.min(pauseMs * 2, LOOK_EVERY_MS);
    }
  }

  private isOver({ until, signal }: Wait): boolean {
    return signal.aborted || this.parts.clock.monotonicMs() >= until;
  }

  private async checkpointOf(projection: Projection): Promise<LogPosition | null> {
    return (await findCheckpoint(this.parts.db.kysely, projection))?.at ?? null;
  }

  private projection(name: string): Projection {
    const projection = this.parts.registry.all().find((each) => each.name === name);
    assert(projection !== undefined, `there is no read model ${name}`);
    return projection;
  }

  /**
   * The oldest and the last event up to a position that a read model has still to apply. Its checkpoint passes over
   * what is not its own only now and then, so the log alone can tell that nothing is missing.
   */
  private async missing(
    { categories }: Projection,
    after: LogPosition | null,
    position: bigint,
  ): Promise<{ readonly oldest: Date | null; readonly last: bigint | null }> {
    let oldest: Date | null = null;
    let last: bigint | null = null;
    let looked = 0;
    for await (const event of this.parts.log.readAll(after)) {
      looked += 1;
      if (looked > MOST_LOOKED_AT) break;
      if (categories.some((category) => event.streamName.startsWith(`${category}-`))) {
        oldest ??= event.recordedAt;
        last = event.position;
      }
      if (event.position >= position) return { oldest, last };
    }
    // Far behind; or the log ends before the position: a token of another installation, or of a log that lost its tail.
    return { oldest, last: position };
  }

  private behind(at: LogPosition | null, oldest: Date | null): Behind {
    return behindAt(this.parts.clock.now(), { reached: at?.position ?? 0n, oldest });
  }
}
