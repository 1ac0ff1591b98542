import { Injectable } from '@nestjs/common';
import type { Job } from '../../jobs/job.js';
import { ServerConfig } from '../server.config.js';
import { IdempotencyRecordStore } from './idempotency-records.store.js';

const EVERY_MS = 5 * 60_000;
const AT_ONCE = 5_000;

/** Forgets requests whose keys were promised no longer. */
@Injectable()
export class IdempotencyRecordsJob implements Job {
  readonly name = 'idempotency-record-cleanup';
  readonly summary = 'Forgets requests whose Idempotency-Key is kept no longer.';
  readonly everyMs = EVERY_MS;

  constructor(
    private readonly records: IdempotencyRecordStore,
    private readonly config: ServerConfig,
  ) {}

  async run(signal: AbortSignal): Promise<string> {
    for (let all = 0; ;) {
      const forgotten = await this.records.forgetOlderThan(
        this.config.idempotencyKeptHours,
        AT_ONCE,
      );
      all += forgotten;
      if (forgotten < AT_ONCE || signal.aborted) return `forgot ${all} requests`;
    }
  }
}
