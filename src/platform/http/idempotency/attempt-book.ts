import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { isOutsideFailure } from '../../database/outside-failure.js';
import { classifyError } from '../classify-error.js';
import { ProblemCatalog } from '../problem-catalog.js';
import {
  IdempotencyRecordStore,
  type Attempt,
  type Beginning,
} from './idempotency-records.store.js';

// While Postgres is away, only one request in so long waits to hear so.
const AWAY_MS = 1_000;

/** The records of requests, as far as Postgres can be asked. */
@Injectable()
export class AttemptBook {
  private readonly logger = new Logger(AttemptBook.name);
  private awayUntilMs = -Infinity;

  constructor(
    private readonly records: IdempotencyRecordStore,
    private readonly catalog: ProblemCatalog,
    private readonly clock: Clock,
  ) {}

  /**
   * While Postgres is away, what rests on the log alone goes on: its events are named by the key. What rests on Postgres
   * fails by itself.
   */
  async begin(attempt: Attempt): Promise<Beginning> {
    if (this.isAway()) return 'begun';
    try {
      return await this.records.begin(attempt);
    } catch (error) {
      if (!isOutsideFailure(error)) throw error;
      this.awayUntilMs = this.clock.monotonicMs() + AWAY_MS;
      return 'begun';
    }
  }

  finished(attempt: Attempt): Promise<void> {
    return this.note('finish', attempt);
  }

  /** A refusal changed nothing and is not remembered; of a failure nobody knows how far the request came. */
  failed(attempt: Attempt, error: unknown): Promise<void> {
    const entry = this.catalog.find(classifyError(error).code);
    return this.note(entry !== null && entry.status < 500 ? 'forget' : 'release', attempt);
  }

  /** The caller's answer stands, whether or not it can be noted: the lease ends, and a repeat finds the effect. */
  private async note(how: 'finish' | 'forget' | 'release', attempt: Attempt): Promise<void> {
    if (this.isAway()) return;
    try {
      await this.records[how](attempt);
    } catch (err) {
      this.logger.warn({ err, msg: `could not ${how} the record of a request` });
    }
  }

  private isAway(): boolean {
    return this.clock.monotonicMs() < this.awayUntilMs;
  }
}
