import type { Clock } from '../../kernel/clock.js';
import type { DatabaseConnection } from '../database/database.js';
import { pause } from '../workers/pause.js';
import { BatchReader, type BatchLimits } from './batch-reader.js';
import {
  findCheckpoint,
  NewerVersionLive,
  openCheckpoint,
  type Checkpoint,
} from './checkpoint-store.js';
import { areEmpty } from './row-counts.js';
import type { LeaderElection } from './leader-election.js';
import { LagMeter, type ProjectionLag } from './projection-lag.js';
import { ProjectionWriter } from './projection-writer.js';
import type { Projection } from './projection.js';
import { countQuarantined } from './quarantine.js';
import type { SharedFeed } from './shared-feed.js';

// How soon another process takes over after a leader died: well within five seconds.
const STAND_BY_MS = 500;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;

export interface FollowerParts {
  readonly feed: SharedFeed;
  readonly db: DatabaseConnection;
  readonly election: LeaderElection;
  readonly clock: Clock;
  readonly limits: BatchLimits;
  /** Told what went wrong before it is tried again. */
  readonly onFailure: (error: unknown, retryAfterMs: number) => void;
  /** Told how many events are in quarantine, whenever that may have changed. */
  readonly onQuarantine: (events: number) => void;
}

/** Carries one projection forward while this process leads it, and stands by while another does. */
export class ProjectionFollower {
  private readonly meter: LagMeter;
  private readonly writer: ProjectionWriter;
  private failures = 0;
  /** What this process believes while it leads, and how to make it look again. */
  private leading: { checkpoint: Checkpoint; readonly over: AbortController } | null = null;

  constructor(
    readonly projection: Projection,
    private readonly parts: FollowerParts,
  ) {
    this.meter = new LagMeter(parts.clock);
    this.writer = new ProjectionWriter(parts.db, projection);
  }

  lag(): ProjectionLag {
    const { name, version } = this.projection;
    return { name, version, ...this.meter.lag() };
  }

  /**
   * Looks at what others may have changed while the log stood still: a quarantine emptied by hand, rows that were
   * switched, restored or dropped. Those are followed anew from where they stand.
   */
  async recheck(): Promise<void> {
    const { leading } = this;
    if (leading === null) return;
    const { kysely } = this.parts.db;
    this.parts.onQuarantine(await countQuarantined(kysely, this.projection));
    const believed = leading.checkpoint;
    const found = await findCheckpoint(kysely, this.projection);
    if (found === null || areOthers(found, believed)) leading.over.abort();
  }

  /** Runs until the signal aborts; a failure of the store or the database only delays it. */
  async run(signal: AbortSignal): Promise<void> {
    const { name, version } = this.projection;
    while (!signal.aborted) {
      try {
        const leadership = await this.parts.election.tryLead(`projection ${name} ${version}`);
        if (leadership === null) {
          await this.standBy(signal);
          continue;
        }
        try {
          await this.lead(AbortSignal.any([signal, leadership.signal]));
        } finally {
          await leadership.release();
        }
      } catch (error) {
        if (error instanceof NewerVersionLive) await this.standBy(signal);
        else await this.backOff(error, signal);
      }
    }
  }

  // Whoever leads, or whoever runs the newer version, answers for the lag and the quarantine.
  private async standBy(signal: AbortSignal): Promise<void> {
    this.meter.standingBy();
    this.parts.onQuarantine(0);
    await pause(STAND_BY_MS, signal);
  }

  private async lead(signal: AbortSignal): Promise<void> {
    this.parts.onQuarantine(await this.writer.open());
    const { kysely } = this.parts.db;
    const checkpoint = await openCheckpoint(kysely, this.projection, () =>
      areEmpty(kysely, this.projection.tables),
    );
    const over = new AbortController();
    const leading = { checkpoint, over };
    const ending = AbortSignal.any([signal, over.signal]);
    const following = this.parts.feed.follow(checkpoint.at, prefixesOf(this.projection), ending);
    this.leading = leading;
    const reader = new BatchReader(following, this.parts.limits, checkpoint.at);
    this.meter.following(reader);
    try {
      for (;;) {
        const read = await reader.take();
        if (read === null || ending.aborted) return;
        if (read.batch !== null) {
          this.meter.took(read.batch.events);
          this.parts.onQuarantine(await this.writer.apply(leading.checkpoint, read.batch));
          leading.checkpoint = { ...leading.checkpoint, at: read.batch.upTo };
        }
        this.meter.applied(read.caughtUp);
        this.failures = 0;
      }
    } finally {
      this.leading = null;
      over.abort();
      reader.close();
    }
  }

  private async backOff(error: unknown, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const waitMs = Math.min(FIRST_RETRY_MS * 2 ** this.failures, LONGEST_RETRY_MS);
    this.failures += 1;
    this.meter.failed();
    this.parts.onFailure(error, waitMs);
    await pause(waitMs, signal);
  }
}

/** What the names of the streams that it follows begin with. */
export const prefixesOf = ({ categories }: Projection): readonly string[] =>
  categories.map((category) => `${category}-`);

/** True for rows that are not those believed, or that were taken back: positions of the same rows only grow. */
const areOthers = (found: Checkpoint, believed: Checkpoint): boolean =>
  found.generation !== believed.generation ||
  (found.at?.position ?? -1n) < (believed.at?.position ?? -1n);
