import { Injectable } from '@nestjs/common';
import type { Worker } from '../../platform/workers/worker.js';
import { RequestLimits } from './request-limits.js';

/** Brings the counts of all instances together, once a second. */
@Injectable()
export class RequestCountsWorker implements Worker {
  readonly name = 'request-counts';
  readonly role = 'api';
  readonly everyMs = 1_000;

  constructor(private readonly limits: RequestLimits) {}

  async run(): Promise<'idle'> {
    await this.limits.exchange();
    return 'idle';
  }
}
