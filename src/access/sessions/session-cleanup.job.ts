import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import type { Worker } from '../../platform/workers/worker.js';
import { SignInFailureStore } from '../auth/sign-in-failures.store.js';
import { SessionSources } from './session-authentication.js';

const DAY_MS = 24 * 3600 * 1000;
// Long enough to answer who was signed in when something happened; the audit keeps the rest.
const KEPT_AFTER_END_DAYS = 30;
const NETWORK_KNOWN_DAYS = 90;

/** Counts the sessions that run, and deletes what ended long ago. */
@Injectable()
export class FlushWorker implements Worker {
  readonly name = 'session-flush';
  readonly role = 'api';
  readonly everyMs = 60_000;

  constructor(
    private readonly sources: SessionSources,
    private readonly failures: SignInFailureStore,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  async run(): Promise<'idle'> {
    await this.flush(KEPT_AFTER_END_DAYS);
    const { store, config } = this.sources;
    const running = await store.countRunning(this.clock.now(), config.idleSeconds);
    this.metrics.authActiveSessions.set(running);
    return 'idle';
  }

  /** Deletes sessions that ended so many days ago, and failures that no longer count. Tells how many rows. */
  async flush(days: number): Promise<number> {
    const now = this.clock.now().getTime();
    const sessions = await this.sources.store.flush(new Date(now - days * DAY_MS));
    const networks = new Date(now - NETWORK_KNOWN_DAYS * DAY_MS);
    return sessions + (await this.failures.flush(new Date(now - DAY_MS), networks));
  }
}
