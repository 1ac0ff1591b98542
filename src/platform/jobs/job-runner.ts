import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Metrics } from '../metrics/metrics.js';
import type { Job } from './job.js';
import { JobRuns } from './job-runs.store.js';
import { JobsConfig } from './jobs.config.js';

/** Runs one job and writes down how it went; what it throws is recorded, not passed on. */
@Injectable()
export class JobRunner {
  private readonly logger = new Logger(JobRunner.name);

  constructor(
    private readonly runs: JobRuns,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly config: JobsConfig,
  ) {}

  /** What it did, or null when it failed. @throws the driver's error when the run cannot be written down */
  async run(job: Job, signal: AbortSignal): Promise<string | null> {
    const { name } = job;
    const startedMs = this.clock.monotonicMs();
    await this.runs.begin(name, this.clock.now());
    const end = () => ({
      job: name,
      at: this.clock.now(),
      durationMs: Math.round(this.clock.monotonicMs() - startedMs),
    });
    try {
      const outcome = await this.within(job, signal);
      const ended = end();
      await this.runs.succeeded(ended, outcome);
      this.metrics.jobLastSuccess.set({ task: name }, ended.at.getTime() / 1_000);
      this.metrics.jobDuration.set({ task: name }, ended.durationMs / 1_000);
      this.logger.debug({ job: name, outcome, durationMs: ended.durationMs }, 'job done');
      return outcome;
    } catch (err) {
      // A process that stops is no failure of the job: whoever leads next repeats it.
      if (signal.aborted) return null;
      await this.runs.failed(end(), err instanceof Error ? err.name : 'unknown');
      this.metrics.jobFailures.inc({ task: name });
      this.logger.warn({ err, job: name }, 'job failed and will run again');
      return null;
    }
  }

  private async within(job: Job, signal: AbortSignal): Promise<string> {
    const limitMs = this.config.timeLimitSeconds * 1_000;
    const limit = this.clock.timeout(limitMs);
    const late = new Promise<never>((_, reject) => {
      limit.addEventListener('abort', () => reject(new JobTookTooLong(job.name, limitMs)));
    });
    return Promise.race([job.run(AbortSignal.any([signal, limit])), late]);
  }
}

class JobTookTooLong extends Error {
  override name = 'JobTookTooLong';

  constructor(job: string, limitMs: number) {
    super(`${job} took longer than ${limitMs} ms`);
  }
}
