import { Injectable } from '@nestjs/common';
import type { Worker } from '../../workers/worker.js';
import { ServerConfig } from '../server.config.js';
import { IdempotencyRecordStore } from './idempotency-records.store.js';

const AT_ONCE = 5_000;

/** Forgets requests whose keys were promised no longer. */
@Injectable()
export class IdempotencyRecordsWorker implements Worker {
  readonly name = 'idempotency-records';
  readonly role = 'api';
  readonly everyMs = 60_000;

  constructor(
    private readonly records: IdempotencyRecordStore,
    private readonly config: ServerConfig,
  ) {}

  async run(): Promise<'idle' | 'busy'> {
    const { idempotencyKeptHours } = this.config;
    const forgotten = await this.records.forgetOlderThan(idempotencyKeptHours, AT_ONCE);
    return forgotten === AT_ONCE ? 'busy' : 'idle';
  }
}
