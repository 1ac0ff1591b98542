import { Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { DatabaseConfig } from '../../src/platform/config/config.schema.js';
import { Secret } from '../../src/platform/config/secret.js';
import { PostgresConnection } from '../../src/platform/database/postgres-connection.js';
import { JobRegistry, type Job } from '../../src/platform/jobs/job.js';
import { JobRunner } from '../../src/platform/jobs/job-runner.js';
import { JobRuns } from '../../src/platform/jobs/job-runs.store.js';
import { JobsConfig } from '../../src/platform/jobs/jobs.config.js';
import { JobPlan, JobsWorker } from '../../src/platform/jobs/jobs.worker.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { testEnvironment } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { MainProcess } from '../support/main-process.js';
import { freshDatabase, TestEventStore, type TestDatabase } from '../support/stores.js';
import { TestClock } from '../support/test-clock.js';

const HOUR_MS = 3_600_000;

let database: TestDatabase;
let connection: PostgresConnection;

beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await freshDatabase();
  const options = { url: database.url, poolSize: 2, onConnectionFailure: () => undefined };
  connection = new PostgresConnection(options, new Metrics());
});

afterAll(async () => {
  await connection.close();
  await database.drop();
});

describe('running jobs in one of several instances', () => {
  const signal = new AbortController().signal;
  let clock: TestClock;
  let steps: (() => Promise<string>)[];
  let job: Job;
  let ran: number;
  let open: JobsWorker[];

  beforeEach(async () => {
    await sql`truncate state.job_run`.execute(connection.kysely);
    clock = new TestClock();
    ran = 0;
    steps = [];
    open = [];
    job = {
      name: `sweep-${randomBytes(3).toString('hex')}`,
      summary: 'Sweeps.',
      everyMs: HOUR_MS,
      run: () => (steps[ran++] ?? (() => Promise.resolve('swept')))(),
    };
  });

  afterEach(() => Promise.all(open.map((worker) => worker.onApplicationShutdown())));

  const instance = ({ timeLimitSeconds = 300 } = {}) => {
    const metrics = new Metrics();
    const registry = new JobRegistry();
    registry.register(job);
    const runs = new JobRuns(connection);
    const config = new JobsConfig({
      inService: true,
      timeLimitSeconds,
      retrySeconds: 60,
      backupSuccessFile: '',
    });
    const worker = new JobsWorker(
      new JobPlan(registry, runs, config, clock),
      new JobRunner(runs, clock, metrics, config),
      metrics,
      new DatabaseConfig({ url: new Secret(database.url), poolSize: 2, outageBridgeMs: 0 }),
    );
    open.push(worker);
    const failures = async () => (await metrics.jobFailures.get()).values[0]?.value;
    return { worker, metrics, failures };
  };

  const latest = async () => (await new JobRuns(connection).all()).get(job.name);

  it('runs a job once in its interval, whoever looks', async () => {
    const [one, two] = [instance(), instance()];
    await one.worker.run(signal);
    await two.worker.run(signal);
    await one.worker.run(signal);
    expect(ran).toBe(1);
    expect((await one.metrics.jobsLeading.get()).values[0]?.value).toBe(1);
    expect((await two.metrics.jobsLeading.get()).values[0]?.value).toBe(0);
    clock.advance(HOUR_MS);
    await two.worker.run(signal);
    expect(ran).toBe(1);
    await one.worker.run(signal);
    expect(ran).toBe(2);
    expect(await latest()).toMatchObject({ failed: false, outcome: 'swept', failures: 0n });
  });

  it('goes on in another instance when the one that led is gone', async () => {
    const [one, two] = [instance(), instance()];
    await one.worker.run(signal);
    await one.worker.onApplicationShutdown();
    clock.advance(HOUR_MS);
    await eventually(async () => {
      await two.worker.run(signal);
      return ran === 2;
    });
  });

  it('counts a job that fails, runs the others, and repeats it a minute later', async () => {
    steps = [() => Promise.reject(new RangeError('no'))];
    const { worker, failures } = instance();
    await worker.run(signal);
    expect(await failures()).toBe(1);
    expect(await latest()).toMatchObject({ failed: true, failedWith: 'RangeError', failures: 1n });
    clock.advance(59_000);
    await worker.run(signal);
    expect(ran).toBe(1);
    clock.advance(1_000);
    await worker.run(signal);
    expect(await latest()).toMatchObject({ failed: false, outcome: 'swept', failures: 1n });
    expect(await failures()).toBe(1);
  });

  it('ends a run that takes too long, and counts it', async () => {
    steps = [() => new Promise<string>(() => undefined)];
    const { worker, failures } = instance({ timeLimitSeconds: 1 });
    await worker.run(signal);
    expect(await failures()).toBe(1);
    expect((await latest())?.failedWith).toBe('JobTookTooLong');
  });
});

describe('killing the process that runs the jobs', () => {
  let eventStore: TestEventStore;
  let running: MainProcess[] = [];

  beforeAll(async () => {
    eventStore = await TestEventStore.start();
  });

  afterAll(async () => {
    await Promise.all(running.map((each) => each.kill()));
    await eventStore.stop();
  });

  it('lets the other one run them', async () => {
    const environment = testEnvironment(database, eventStore, { ROLES: 'projector' });
    running = [new MainProcess(environment), new MainProcess(environment)];
    const urls = await Promise.all(running.map((each) => each.url()));
    const leads = async (at: number) =>
      (await (await fetch(`${urls[at]}/metrics`)).text()).includes('\npayments_jobs_leading 1\n');
    const leader = await eventually(async () => {
      const found = [await leads(0), await leads(1)];
      if (found[0] === found[1]) throw new Error(`who leads: ${found.join(', ')}`);
      return found[0] === true ? 0 : 1;
    });
    const done = async () => {
      const run = (await new JobRuns(connection).all()).get('session-cleanup');
      return run?.succeededAt?.getTime() ?? 0;
    };
    await eventually(async () => (await done()) > 0);
    await running[leader]?.kill();
    const before = await done();
    await sql`update state.job_run set started_at = 'epoch'`.execute(connection.kysely);
    await eventually(async () => (await leads(1 - leader)) && (await done()) > before);
  });
});
