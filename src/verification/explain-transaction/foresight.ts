import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { BankTurn } from '../bank-turn.js';
import { outlook, readyAtOf, type ListingRhythm, type Outlook } from '../domain/outlook.js';
import { patienceShare } from '../domain/patience.js';
import { nextAsk } from '../domain/verification.schedule.js';
import type { Watch } from '../domain/watch.js';
import { VerificationQueue, type ClaimsBefore } from '../verification-queue.store.js';
import { scheduleOf, VerificationConfig } from '../verification.config.js';

// Long enough to see a rhythm in what happens every few minutes, short enough to follow the day.
const RHYTHM_OVER_MS = 3_600_000;

/** Foresees what happens to a transaction: from its own history, the queue before it and what the planner goes by. */
@Injectable()
export class Foresight {
  constructor(
    private readonly queue: VerificationQueue,
    private readonly bank: BankTurn,
    private readonly clock: Clock,
    private readonly config: VerificationConfig,
  ) {}

  async of(watch: Watch): Promise<Outlook> {
    const now = this.clock.now();
    const schedule = scheduleOf(this.config);
    const { credentialId, mode } = watch.claim;
    const [{ isListed, ...terms }, delaysMs] = await Promise.all([
      this.bank.outlook(watch.claim),
      this.queue.verdictDelays({ credentialId, mode }),
    ]);
    const next = nextAsk(watch, schedule);
    const before =
      next === null
        ? []
        : await this.queue.before({
            credentialId,
            mode,
            now,
            readyAt: readyAtOf(watch, next.dueAt, terms),
            patience: patienceShare(terms.firstAskShare),
            waitsForCompany: isListed,
          });
    const listings = isListed ? await this.rhythmOf(watch, now) : null;
    const calls = callsBefore(watch, before, isListed);
    return outlook(watch, { ...terms, ...calls, listings, delaysMs }, { schedule, now });
  }

  private async rhythmOf(watch: Watch, now: Date): Promise<ListingRhythm> {
    const since = new Date(now.getTime() - RHYTHM_OVER_MS);
    return { everyMs: RHYTHM_OVER_MS / (await this.queue.listingsOf(watch, since)) };
  }
}

/** The calls that claims before this one make: one each, or one for all of an account where the bank lists it. */
function callsBefore(
  { claim }: Watch,
  before: readonly ClaimsBefore[],
  listed: boolean,
): { readonly own: number; readonly ofOthers: readonly number[] } {
  if (listed) {
    const accounts = new Set(before.map(({ receivingAccountId }) => receivingAccountId));
    accounts.delete(claim.receivingAccountId);
    return { own: 0, ofOthers: [...accounts].map(() => 1) };
  }
  const counts = new Map<string, number>();
  for (const { merchantId, claims } of before) {
    counts.set(merchantId, (counts.get(merchantId) ?? 0) + claims);
  }
  const own = counts.get(claim.merchantId) ?? 0;
  counts.delete(claim.merchantId);
  return { own, ofOthers: [...counts.values()] };
}
