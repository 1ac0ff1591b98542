import { Global, Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { RandomSource } from '../../kernel/ids.js';
import { Metrics } from '../metrics/metrics.js';
import { ProbeConfig } from '../probe/probe.config.js';
import { ProbeJob } from '../probe/probe.job.js';
import { WorkerRegistry } from '../workers/worker.js';
import { BackupAgeJob } from './backup-age.job.js';
import { JobRegistry, type Job } from './job.js';
import { JobRunner } from './job-runner.js';
import { JobRuns } from './job-runs.store.js';
import { JobsConfig } from './jobs.config.js';
import { JobPlan, JobsWorker } from './jobs.worker.js';

/** The jobs of the platform itself, where they are configured. */
@Injectable()
class OwnJobs {
  constructor(
    private readonly config: JobsConfig,
    private readonly probe: ProbeConfig,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {}

  *all(): Generator<Job> {
    const { backupSuccessFile: file } = this.config;
    if (file !== '') yield new BackupAgeJob(file, this.metrics);
    if (this.probe.url !== '') yield new ProbeJob(this.probe, this.clock, this.random);
  }
}

/** Work that is due every so often, by one process for all. */
@Global()
@Module({
  providers: [OwnJobs, JobRegistry, JobRuns, JobPlan, JobRunner, JobsWorker],
  exports: [JobRegistry, JobRuns, JobRunner],
})
export class JobsModule implements OnModuleInit {
  constructor(
    private readonly workers: WorkerRegistry,
    private readonly jobs: JobRegistry,
    private readonly worker: JobsWorker,
    private readonly config: JobsConfig,
    private readonly own: OwnJobs,
  ) {}

  onModuleInit(): void {
    for (const job of this.own.all()) this.jobs.register(job);
    if (this.config.inService) this.workers.register(this.worker);
  }
}
