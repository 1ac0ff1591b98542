import { Injectable } from '@nestjs/common';
import type { Worker } from '../../platform/workers/worker.js';
import { CountsUnavailable } from './request-counts.port.js';
import { RequestLimits } from './request-limits.js';

/** Brings the counts of all instances together, once a second. */
@Injectable()
export class RequestCountsWorker implements Worker {
  readonly name = 'request-counts';
  readonly role = 'api';
  readonly everyMs = 1_000;

  constructor(private readonly limits: RequestLimits) {}

  async run(): Promise<'idle'> {
    try {
      await this.limits.exchange();
    } catch (error) {
      // Told and counted by the store; each instance counts alone until the next time.
      if (!(error instanceof CountsUnavailable)) throw error;
    }
    return 'idle';
  }
}
