import { Injectable } from '@nestjs/common';
import { type BankCredential, modesOf } from '../bank-gateway/bank-gateway.port.js';
import { Clock } from '../kernel/clock.js';
import { localDateAt } from '../kernel/local-date.js';
import { AccountSweeps } from './account-sweeps.store.js';
import type { AskLane, SeenQueue } from './ask-lane.js';
import type { Terms } from './bank-turn.js';
import { ClaimPreparer, type PreparedAsk } from './claim-preparer.js';
import { needsListing, type Call } from './domain/planner.js';
import { VerificationQueue, type DueAsk } from './verification-queue.store.js';

// As soon as its account may be listed again, or a little later.
const STUCK_MS = 5_000;
// What is asked about one merchant's claims between two looks at the queue.
const CLAIMS_OF_A_MERCHANT = 64;

/** The claims of a credential that are due, and the call that is best made about them. */
@Injectable()
export class DueClaims {
  constructor(
    private readonly queue: VerificationQueue,
    private readonly sweeps: AccountSweeps,
    private readonly preparer: ClaimPreparer,
    private readonly clock: Clock,
  ) {}

  /** Null when nothing is ready to be asked about. */
  async next(
    credential: BankCredential,
    terms: Terms,
    lane: AskLane,
  ): Promise<Call<DueAsk> | null> {
    const kept = lane.recall();
    const call = kept === null ? null : this.plan(kept, terms, lane);
    if (call !== null) return call;
    const beganMs = this.clock.monotonicMs();
    const seen = await this.look(credential, terms, lane);
    lane.remember(seen, this.clock.monotonicMs() - beganMs);
    return this.plan(seen, terms, lane);
  }

  private async look(
    credential: BankCredential,
    { listing, msPerCall }: Terms,
    lane: AskLane,
  ): Promise<SeenQueue> {
    const now = this.clock.now();
    const { credentialId } = credential;
    const question = {
      credentialId,
      modes: modesOf(credential),
      now,
      except: lane.busyWith(),
      patience: lane.patience(msPerCall),
      // Without listings no company ever comes: patience only says who goes first.
      waitsForCompany: listing !== null,
      perMerchant: CLAIMS_OF_A_MERCHANT,
    };
    const claims = await this.queue.due(question);
    if (listing === null || claims.length === 0) return { claims, days: [], tooLarge: [] };
    const [days, tooLarge] = await Promise.all([
      this.queue.dueDays(question),
      this.sweeps.tooLarge(credentialId, now),
    ]);
    return { claims, days, tooLarge };
  }

  private plan(
    { claims, days, tooLarge }: SeenQueue,
    { listing, lookUpHasSideEffects }: Terms,
    lane: AskLane,
  ): Call<DueAsk> | null {
    const busy = new Set(lane.busyWith());
    const heads = firstOfEachMerchant(
      claims.filter(({ transactionId }) => !busy.has(transactionId)),
    );
    if (heads.length === 0) return null;
    const now = this.clock.now();
    const known = { listing, lookUpHasSideEffects, tooLarge, today: localDateAt(now), now };
    const isOpen = (account: string): boolean => !lane.isResting(account) && !busy.has(account);
    for (const head of heads) {
      // It may not be looked up and its account not be listed now: its merchant's others must not wait for that.
      const isStuck = needsListing(head, known) && !isOpen(head.watch.claim.receivingAccountId);
      if (isStuck) lane.postpone(head.transactionId, STUCK_MS);
    }
    return lane.plan({
      ...known,
      // Claims of an account that is being listed wait for what comes of it.
      heads: heads.filter(({ watch }) => !lane.isResting(watch.claim.receivingAccountId)),
      days: days.filter(({ receivingAccountId }) => isOpen(receivingAccountId)),
    });
  }

  /** Null when the log knows better than the queue, or a person must look instead. */
  prepare(due: DueAsk, credential: BankCredential): Promise<PreparedAsk | null> {
    return this.preparer.prepare(due, credential);
  }
}

function firstOfEachMerchant(claims: readonly DueAsk[]): readonly DueAsk[] {
  const heads = new Map<string, DueAsk>();
  for (const claim of claims) {
    if (!heads.has(claim.merchantId)) heads.set(claim.merchantId, claim);
  }
  return [...heads.values()];
}
