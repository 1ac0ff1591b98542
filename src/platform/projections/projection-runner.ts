import {
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Clock } from '../../kernel/clock.js';
import type { DatabaseConfig, ProjectionConfig, RolesConfig } from '../config/config.schema.js';
import type { DatabaseConnection } from '../database/database.js';
import type { EventStore } from '../event-store/event-store.js';
import type { Metrics } from '../metrics/metrics.js';
import { endsWithin } from '../workers/pause.js';
import { LeaderElection } from './leader-election.js';
import { prefixesOf, ProjectionFollower } from './projection-follower.js';
import type { ProjectionLag } from './projection-lag.js';
import type { ProjectionRegistry } from './projection-registry.js';
import type { Projection } from './projection.js';
import { SharedFeed } from './shared-feed.js';

const METRICS_EVERY_MS = 500;
const RECHECK_EVERY_MS = 5_000;
// A store that hangs must not use up the ten seconds that a process has to stop.
const STOP_WITHIN_MS = 4_000;

/** What the runner is made of; too much for a list of parameters. */
export interface RunnerParts {
  readonly roles: RolesConfig;
  readonly limits: ProjectionConfig;
  readonly database: DatabaseConfig;
  readonly store: EventStore;
  readonly db: DatabaseConnection;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** Runs every registered projection in a process with the role `projector`. */
export class ProjectionRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ProjectionRunner.name);
  private readonly stopping = new AbortController();
  private readonly election: LeaderElection;
  private followers: readonly ProjectionFollower[] = [];
  private running: Promise<unknown> = Promise.resolve();
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly registry: ProjectionRegistry,
    private readonly parts: RunnerParts,
  ) {
    this.election = new LeaderElection(parts.database.url.reveal());
  }

  onApplicationBootstrap(): void {
    if (!this.parts.roles.roles.includes('projector')) return;
    const projections = this.registry.all();
    const feed = new SharedFeed(this.parts.store, [...new Set(projections.flatMap(prefixesOf))]);
    this.followers = projections.map((projection) => this.follower(projection, feed));
    this.running = Promise.all(this.followers.map((each) => each.run(this.stopping.signal)));
    this.timers.push(
      setInterval(() => this.report(), METRICS_EVERY_MS).unref(),
      setInterval(() => this.recheck(), RECHECK_EVERY_MS).unref(),
    );
  }

  /** Ends the batch in hand and frees the leadership, so that another process goes on at once. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    for (const timer of this.timers) clearInterval(timer);
    if (!(await endsWithin(STOP_WITHIN_MS, this.running))) {
      this.logger.warn('a projection did not end in time; it goes on from its checkpoint');
    }
    await this.election.close();
  }

  /** How far each projection is behind; empty in a process without the role. */
  lags(): readonly ProjectionLag[] {
    return this.followers.map((follower) => follower.lag());
  }

  private follower(projection: Projection, feed: SharedFeed): ProjectionFollower {
    const { name } = projection;
    const { db, clock, limits, metrics } = this.parts;
    return new ProjectionFollower(projection, {
      feed,
      db,
      election: this.election,
      clock,
      limits: { size: limits.batchSize, ms: limits.batchMs },
      onFailure: (err, retryAfterMs) =>
        this.logger.warn({ err, projection: name, retryAfterMs }, 'projection will try again'),
      onQuarantine: (events) => metrics.projectionQuarantined.set({ projection: name }, events),
    });
  }

  private recheck(): void {
    // When the database is away the followers say so themselves.
    for (const follower of this.followers) follower.recheck().catch(() => undefined);
  }

  private report(): void {
    for (const { name, events, seconds } of this.lags()) {
      this.parts.metrics.projectionLagEvents.set({ projection: name }, events);
      this.parts.metrics.projectionLagSeconds.set({ projection: name }, seconds);
    }
  }
}
