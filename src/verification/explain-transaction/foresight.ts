import { Injectable } from '@nestjs/common';
import { PermitLog } from '../../bank-gateway/permits/permit-log.port.js';
import { Clock } from '../../kernel/clock.js';
import { outlook, type Backlog, type Outlook } from '../domain/outlook.js';
import { nextAsk } from '../domain/verification.schedule.js';
import type { Watch } from '../domain/watch.js';
import { VerificationQueue } from '../verification-queue.store.js';
import { scheduleOf, VerificationConfig } from '../verification.config.js';

const NOBODY = { own: 0, ofOthers: [], msPerCall: 0 } as const;

/** Foresees what happens to a transaction: from its own history, the queue before it and the contract with its bank. */
@Injectable()
export class Foresight {
  constructor(
    private readonly queue: VerificationQueue,
    private readonly permits: PermitLog,
    private readonly clock: Clock,
    private readonly config: VerificationConfig,
  ) {}

  async of(watch: Watch): Promise<Outlook> {
    const now = this.clock.now();
    const schedule = scheduleOf(this.config);
    const next = nextAsk(watch, schedule);
    const { credentialId, mode } = watch.claim;
    const [before, delaysMs] = await Promise.all([
      next === null ? NOBODY : this.before(watch, next.dueAt, now),
      this.queue.verdictDelays({ credentialId, mode }),
    ]);
    return outlook(watch, { ...before, delaysMs }, { schedule, now });
  }

  private async before(
    { claim }: Watch,
    dueAt: Date,
    now: Date,
  ): Promise<Omit<Backlog, 'delaysMs'>> {
    const { credentialId, mode, merchantId } = claim;
    const counts = await this.queue.dueBefore({ credentialId, mode }, dueAt < now ? dueAt : now);
    const contract = this.permits.contract(credentialId);
    return {
      own: counts.get(merchantId) ?? 0,
      ofOthers: [...counts].flatMap(([id, count]) => (id === merchantId ? [] : [count])),
      msPerCall: contract === null ? 0 : contract.windowMs / contract.calls,
    };
  }
}
