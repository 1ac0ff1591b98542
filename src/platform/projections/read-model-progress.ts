import type { Clock } from '../../kernel/clock.js';
import { assert } from '../../kernel/assert.js';
import type { DatabaseConnection } from '../database/database.js';
import type { LogPosition } from '../event-store/event-store.js';
import type { LogReader } from '../event-store/log-reader.js';
import { pause } from '../workers/pause.js';
import { findCheckpoint } from './checkpoint-store.js';
import type { ProjectionRegistry } from './projection-registry.js';

/** How far a read model is behind a position that it was asked for. */
export interface Behind {
  readonly reached: bigint;
  /** Age of the oldest event that it does not show. */
  readonly seconds: number;
}

// A batch is applied within a tenth of a second; who is not served in two will not be in five.
const WAIT_MS = 2_000;
const FIRST_LOOK_AFTER_MS = 10;
const LOOK_EVERY_MS = 100;

export interface ProgressParts {
  readonly registry: ProjectionRegistry;
  readonly db: DatabaseConnection;
  readonly log: LogReader;
  readonly clock: Clock;
}

/** Knows how far read models are, whichever process applies the events. */
export class ReadModelProgress {
  constructor(
    private readonly parts: ProgressParts,
    private readonly waitMs = WAIT_MS,
  ) {}

  /**
   * Waits until a read model shows everything up to a position, bounded; null when it does.
   * @throws EventStoreUnavailable  when it is behind and nobody can say how far
   */
  async waitFor(projection: string, position: bigint, signal: AbortSignal): Promise<Behind | null> {
    const { clock } = this.parts;
    const until = clock.monotonicMs() + this.waitMs;
    let pauseMs = FIRST_LOOK_AFTER_MS;
    for (;;) {
      const at = await this.checkpointOf(projection);
      if (at !== null && at.position >= position) return null;
      if (signal.aborted || clock.monotonicMs() >= until) return this.behind(at);
      await pause(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, LOOK_EVERY_MS);
    }
  }

  private async checkpointOf(name: string): Promise<LogPosition | null> {
    const projection = this.parts.registry.all().find((each) => each.name === name);
    assert(projection !== undefined, `there is no read model ${name}`);
    return (await findCheckpoint(this.parts.db.kysely, projection))?.at ?? null;
  }

  private async behind(at: LogPosition | null): Promise<Behind> {
    const reached = at?.position ?? 0n;
    for await (const { recordedAt } of this.parts.log.readAll(at)) {
      const ageMs = this.parts.clock.now().getTime() - recordedAt.getTime();
      return { reached, seconds: Math.max(0, Math.round(ageMs / 100) / 10) };
    }
    // The position asked for is beyond the log: a token of another installation, or of a log that lost its tail.
    return { reached, seconds: 0 };
  }
}
