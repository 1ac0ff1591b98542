import { Injectable } from '@nestjs/common';
import { assert } from '../../kernel/assert.js';

/** Work that is due again and again, for the whole installation and not for each process. May be cut short and repeated. */
export interface Job {
  /** kebab-case; names it on the command line, in metrics and in the table of runs, for ever. */
  readonly name: string;
  /** One line for whoever lists the jobs. */
  readonly summary: string;
  readonly everyMs: number;
  /** Answers in a few words what it did. Ends soon after the signal. What it throws is counted, and it runs again later. */
  run(signal: AbortSignal): Promise<string>;
}

/** Every job of the product; modules add theirs in `onModuleInit`. */
@Injectable()
export class JobRegistry {
  private readonly jobs = new Map<string, Job>();

  /** @throws AssertionFailed when the name is taken */
  register(job: Job): void {
    assert(!this.jobs.has(job.name), `two jobs are called ${job.name}`);
    this.jobs.set(job.name, job);
  }

  all(): readonly Job[] {
    return [...this.jobs.values()];
  }

  find(name: string): Job | null {
    return this.jobs.get(name) ?? null;
  }
}
