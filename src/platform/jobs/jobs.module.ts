import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { Metrics } from '../metrics/metrics.js';
import { WorkerRegistry } from '../workers/worker.js';
import { BackupAgeJob } from './backup-age.job.js';
import { JobRegistry } from './job.js';
import { JobRunner } from './job-runner.js';
import { JobRuns } from './job-runs.store.js';
import { JobsConfig } from './jobs.config.js';
import { JobPlan, JobsWorker } from './jobs.worker.js';

/** Work that is due every so often, by one process for all. */
@Global()
@Module({
  providers: [JobRegistry, JobRuns, JobPlan, JobRunner, JobsWorker],
  exports: [JobRegistry, JobRuns, JobRunner],
})
export class JobsModule implements OnModuleInit {
  constructor(
    private readonly workers: WorkerRegistry,
    private readonly jobs: JobRegistry,
    private readonly worker: JobsWorker,
    private readonly config: JobsConfig,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    const { backupSuccessFile: file, inService } = this.config;
    if (file !== '') this.jobs.register(new BackupAgeJob(file, this.metrics));
    if (inService) this.workers.register(this.worker);
  }
}
