import { Injectable } from '@nestjs/common';
import { assert } from '../../kernel/assert.js';
import type { Role } from '../config/config.schema.js';

/** Work that is looked for again and again, in every process with the role. Many may run it at once. */
export interface Worker {
  /** Names it in logs and metrics. */
  readonly name: string;
  readonly role: Role;
  /** Longest time until new work is noticed. */
  readonly everyMs: number;
  /**
   * Does one bounded piece of work. `busy`: there may be more, call again at once. Ends soon after the signal.
   * Whatever it throws is logged and counted, and it is called again later.
   */
  run(signal: AbortSignal): Promise<'idle' | 'busy'>;
}

/** Every worker of this process; modules add theirs in `onModuleInit`, before any is run. */
@Injectable()
export class WorkerRegistry {
  private readonly workers: Worker[] = [];

  /** @throws AssertionFailed when the name is taken */
  register(worker: Worker): void {
    assert(
      !this.workers.some(({ name }) => name === worker.name),
      `two workers are called ${worker.name}`,
    );
    this.workers.push(worker);
  }

  all(): readonly Worker[] {
    return this.workers;
  }
}
