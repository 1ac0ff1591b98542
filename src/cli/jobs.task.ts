import { JobRegistry } from '../platform/jobs/job.js';
import { JobRunner } from '../platform/jobs/job-runner.js';
import { JobRuns } from '../platform/jobs/job-runs.store.js';
import { UsageError, type Task } from './task.js';
import { withApplication } from './with-application.js';

const minutes = (ms: number): string => `${ms / 60_000} min`;

/** Every job with how often it runs and how it went last. */
export const jobsListTask: Task = {
  options: {},
  run: () =>
    withApplication(async (app) => {
      const runs = await app.get(JobRuns).all();
      for (const { name, everyMs, summary } of app.get(JobRegistry).all()) {
        const run = runs.get(name);
        const last = run?.succeededAt?.toISOString() ?? 'never';
        const trouble =
          run === undefined || run.failures === 0n
            ? ''
            : `, failed ${run.failures} times${run.failed ? `, last with ${run.failedWith}` : ''}`;
        console.log(`${name}  every ${minutes(everyMs)}, done ${last}${trouble}. ${summary}`);
      }
      return 0;
    }),
};

/** Runs a job now, whether it is due or not; for cron, and for whoever cannot wait. Exit code 1 when it failed. */
export const jobsRunTask: Task = {
  operand: 'name',
  options: {},
  run: ({ name }) =>
    withApplication(async (app) => {
      const registry = app.get(JobRegistry);
      const job = registry.find(String(name));
      if (job === null) {
        const known = registry.all().map((each) => each.name);
        throw new UsageError(`there is no job "${String(name)}"; there are ${known.join(', ')}`);
      }
      const stop = new AbortController();
      const interrupt = (): void => stop.abort();
      process.once('SIGINT', interrupt);
      const outcome = await app.get(JobRunner).run(job, stop.signal);
      process.off('SIGINT', interrupt);
      console.log(`${job.name}: ${outcome ?? 'it failed; the log has the reason'}`);
      return outcome === null ? 1 : 0;
    }),
};
