import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DatabaseConfig } from '../config/config.schema.js';
import { Metrics } from '../metrics/metrics.js';
import { LeaderElection, type Leadership } from '../projections/leader-election.js';
import type { Worker } from '../workers/worker.js';
import { JobRegistry } from './job.js';
import { JobRunner } from './job-runner.js';
import { JobRuns } from './job-runs.store.js';
import { dueAt } from './job-schedule.js';
import { JobsConfig } from './jobs.config.js';

const LOOK_EVERY_MS = 2_000;

/** What says which jobs there are and when each is due. */
@Injectable()
export class JobPlan {
  constructor(
    readonly registry: JobRegistry,
    readonly runs: JobRuns,
    readonly config: JobsConfig,
    readonly clock: Clock,
  ) {}
}

/** Runs every job that is due, one after the other, in the one process that leads; another takes over when it ends. */
@Injectable()
export class JobsWorker implements Worker, OnApplicationShutdown {
  readonly name = 'jobs';
  readonly role = 'projector';
  readonly everyMs = LOOK_EVERY_MS;
  private readonly election: LeaderElection;
  private leadership: Leadership | null = null;

  constructor(
    private readonly plan: JobPlan,
    private readonly runner: JobRunner,
    private readonly metrics: Metrics,
    { url }: DatabaseConfig,
  ) {
    this.election = new LeaderElection(url.reveal());
  }

  async run(signal: AbortSignal): Promise<'idle'> {
    const leadership = await this.lead();
    this.metrics.jobsLeading.set(leadership === null ? 0 : 1);
    if (leadership === null) return 'idle';
    const { registry, runs, config, clock } = this.plan;
    const latest = await runs.all();
    const ends = AbortSignal.any([signal, leadership.signal]);
    for (const job of registry.all()) {
      const run = latest.get(job.name) ?? null;
      this.metrics.jobInterval.set({ task: job.name }, job.everyMs / 1_000);
      this.metrics.jobFailures.inc({ task: job.name }, 0);
      const succeededAtMs = run?.succeededAt?.getTime() ?? 0;
      this.metrics.jobLastSuccess.set({ task: job.name }, succeededAtMs / 1_000);
      if (dueAt(run, job.everyMs, config.retrySeconds * 1_000) > clock.now()) continue;
      if (ends.aborted) break;
      await this.runner.run(job, ends);
    }
    return 'idle';
  }

  async onApplicationShutdown(): Promise<void> {
    await this.election.close();
  }

  private async lead(): Promise<Leadership | null> {
    if (this.leadership?.signal.aborted !== false) {
      this.leadership = await this.election.tryLead('jobs');
    }
    return this.leadership;
  }
}
