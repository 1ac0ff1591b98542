import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import type { Worker } from '../../platform/workers/worker.js';
import { SessionSources } from './session-authentication.js';

/** Counts the sessions that run. */
@Injectable()
export class SessionCensusWorker implements Worker {
  readonly name = 'session-census';
  readonly role = 'api';
  readonly everyMs = 60_000;

  constructor(
    private readonly sources: SessionSources,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  async run(): Promise<'idle'> {
    const { store, config } = this.sources;
    const running = await store.countRunning(this.clock.now(), config.idleSeconds);
    this.metrics.authActiveSessions.set(running);
    return 'idle';
  }
}
