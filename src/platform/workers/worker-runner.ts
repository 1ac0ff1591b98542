import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { RolesConfig } from '../config/config.schema.js';
import { Metrics } from '../metrics/metrics.js';
import { endsWithin } from './pause.js';
import { runWorker } from './worker-loop.js';
import { WorkerRegistry, type Worker } from './worker.js';

// A store that hangs must not use up the ten seconds that a process has to stop.
const STOP_WITHIN_MS = 4_000;

/** Runs the workers whose role this process has, and waits for them when it stops. */
@Injectable()
export class WorkerRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(WorkerRunner.name);
  private readonly stopping = new AbortController();
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly registry: WorkerRegistry,
    private readonly roles: RolesConfig,
    private readonly metrics: Metrics,
  ) {}

  onApplicationBootstrap(): void {
    const mine = this.registry.all().filter(({ role }) => this.roles.roles.includes(role));
    // A failure shows as zero beforehand, so that the first one is seen as an increase.
    for (const { name } of mine) this.metrics.workerFailures.inc({ worker: name }, 0);
    this.running = Promise.all(
      mine.map((worker) =>
        runWorker(worker, this.stopping.signal, (...failure) => this.report(...failure)),
      ),
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    if (!(await endsWithin(STOP_WITHIN_MS, this.running))) {
      this.logger.warn('a worker did not end in time; its work will be taken up again');
    }
  }

  private report({ name }: Worker, err: unknown, retryAfterMs: number): void {
    this.metrics.workerFailures.inc({ worker: name });
    this.logger.warn({ err, worker: name, retryAfterMs }, 'worker will run again');
  }
}
