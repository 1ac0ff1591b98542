import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Job } from '../../platform/jobs/job.js';
import { RequestCountStore } from './request-counts.store.js';

const EVERY_MS = 15 * 60_000;
// Longer than the longest window that can be configured.
const KEPT_MS = 2 * 100_000_000;

/** Deletes the counts of windows that are long over. */
@Injectable()
export class RequestCountsJob implements Job {
  readonly name = 'request-count-cleanup';
  readonly summary = 'Deletes counts of requests whose window is over.';
  readonly everyMs = EVERY_MS;

  constructor(
    private readonly store: RequestCountStore,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<string> {
    const before = new Date(this.clock.now().getTime() - KEPT_MS);
    return `deleted ${await this.store.forget(before)} counts`;
  }
}
