import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DatabaseConnection } from '../../platform/database/database.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import type { Worker } from '../../platform/workers/worker.js';
import { CommissionShares } from '../../verification/commission-shares.port.js';
import { countUnclaimed } from './movements.store.js';

const COUNT_EVERY_MS = 60_000;
// What nobody has claimed in a month is for finance to settle; counting all of it would cost more every day.
const COUNTED_MS = 31 * 86_400_000;

/** Counts the credits of the last month that nobody has claimed. */
@Injectable()
export class MovementCensusWorker implements Worker {
  readonly name = 'movement-census';
  readonly role = 'projector';
  readonly everyMs = COUNT_EVERY_MS;

  constructor(
    private readonly db: DatabaseConnection,
    private readonly shares: CommissionShares,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  async run(): Promise<'idle'> {
    const since = new Date(this.clock.now().getTime() - COUNTED_MS);
    this.metrics.paymentsUnclaimedCredits.set(
      await countUnclaimed(this.db.kysely, this.shares.all(), since),
    );
    return 'idle';
  }
}
