import { Injectable, Logger } from '@nestjs/common';
import type { BankCredential } from '../bank-gateway/bank-gateway.port.js';
import type { Permit } from '../bank-gateway/permits/permit-log.port.js';
import { RuleViolation } from '../kernel/rejection.js';
import type { BankOutcome } from '../matching/bank-answer.js';
import { AccountSweeper } from './account-sweeper.js';
import type { AskLane } from './ask-lane.js';
import { BankTurn } from './bank-turn.js';
import { ClaimAsker } from './claim-asker.js';
import type { PreparedAsk } from './claim-preparer.js';
import type { DayRange } from './domain/planner.js';
import { VerificationConfig } from './verification.config.js';

// How long the queue may need to hear of a call; a look that comes too early costs one read of a stream.
const QUEUE_LAG_MS = 1_000;
// A listing that failed leaves its account to look-ups for a while.
const FAILED_SWEEP_MS = 60_000;

/** Listings after which the queue plans anew: a range that was too large is divided then. */
const SETTLED: ReadonlySet<BankOutcome> = new Set(['found', 'not_visible_yet', 'range_too_large']);

/** Where a call was planned: its credential, and what is remembered of it. */
export interface CallPlace {
  readonly credential: BankCredential;
  readonly lane: AskLane;
  /** Aborts when the process must stop. */
  readonly giveUp: AbortSignal;
}

/** Makes calls and never fails: one that broke off is found by its deadline, and closed as unknown. */
@Injectable()
export class CallRunner {
  private readonly logger = new Logger('CallRunner');

  constructor(
    private readonly asker: ClaimAsker,
    private readonly sweeper: AccountSweeper,
    private readonly bank: BankTurn,
    private readonly config: VerificationConfig,
  ) {}

  async lookUp(prepared: PreparedAsk, permit: Permit, place: CallPlace): Promise<void> {
    const { transactionId } = prepared;
    await this.guarded(permit, { transactionId }, () =>
      this.asker.ask(prepared, permit, this.signal(place)),
    );
    place.lane.postpone(transactionId, QUEUE_LAG_MS);
  }

  async sweep(range: DayRange, permit: Permit, place: CallPlace): Promise<void> {
    const { receivingAccountId } = range;
    const { credential, lane } = place;
    let isSettled = false;
    await this.guarded(permit, { receivingAccountId }, async () => {
      const signal = this.signal(place);
      const outcome = await this.sweeper.sweep(range, { credential, permit, signal });
      if (outcome === null) await this.bank.giveBack(permit);
      isSettled = SETTLED.has(outcome ?? 'unavailable');
    });
    if (isSettled) lane.rest(receivingAccountId, QUEUE_LAG_MS);
    else lane.postpone(receivingAccountId, FAILED_SWEEP_MS);
  }

  private signal({ lane, giveUp }: CallPlace): AbortSignal {
    return AbortSignal.any([lane.timeout(this.config.askTimeoutMs), giveUp]);
  }

  private async guarded(
    permit: Permit,
    about: Readonly<Record<string, string>>,
    call: () => Promise<void>,
  ): Promise<void> {
    try {
      await call();
    } catch (error) {
      // Refused before anything was sent: somebody else was faster.
      if (error instanceof RuleViolation) await this.bank.giveBack(permit);
      this.logger.warn({ err: error, ...about }, 'call broke off');
    }
  }
}
