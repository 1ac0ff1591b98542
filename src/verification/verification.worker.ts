import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { BankCredential } from '../bank-gateway/bank-gateway.port.js';
import type { Permit } from '../bank-gateway/permits/permit-log.port.js';
import { RuleViolation } from '../kernel/rejection.js';
import type { AskLane } from './ask-lane.js';
import type { Worker } from '../platform/workers/worker.js';
import { AskLanes } from './ask-lanes.js';
import { BankTurn } from './bank-turn.js';
import { ClaimAsker } from './claim-asker.js';
import type { PreparedAsk } from './claim-preparer.js';
import { DueClaims } from './due-claims.js';
import type { DueAsk } from './verification-queue.store.js';

// How long the queue may need to hear of an ask; a look that comes too early costs one read of a stream.
const QUEUE_LAG_MS = 1_000;
// How often the queue is looked at while nothing is due: no load, and nobody is kept waiting.
const LOOK_EVERY_MS = 250;
// A permit that comes free is used this soon; between looks a turn costs a comparison of times.
const TURN_EVERY_MS = 25;
// Part of the ten seconds in which the process must have stopped.
const LAST_ANSWERS_MS = 5_000;

/** Asks the banks what is due: of every credential this instance speaks for, as many at once as is allowed. */
@Injectable()
export class VerificationWorker implements Worker, BeforeApplicationShutdown {
  readonly name = 'verification';
  readonly role = 'verifier';
  readonly everyMs = TURN_EVERY_MS;
  private readonly logger = new Logger('VerificationWorker');
  /** Aborts the asks that are under way. */
  private readonly giveUp = new AbortController();
  private isStopping = false;

  constructor(
    private readonly bank: BankTurn,
    private readonly claims: DueClaims,
    private readonly asker: ClaimAsker,
    private readonly lanes: AskLanes,
  ) {}

  /** One round over all credentials; `busy` while asks are under way. */
  async run(signal: AbortSignal): Promise<'idle' | 'busy'> {
    const rounds = await Promise.all(
      this.bank.credentials().map((credential) => this.round(credential, signal)),
    );
    return rounds.includes('busy') ? 'busy' : 'idle';
  }

  /** Answers on their way get a moment; then they are given up and written down as unknown. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    const timer = setTimeout(() => this.giveUp.abort(), LAST_ANSWERS_MS);
    await this.lanes.drained();
    clearTimeout(timer);
    await this.bank.fallSilent().catch((error: unknown) => {
      this.logger.warn({
        msg: 'credentials not handed over; they lapse by themselves',
        err: error,
      });
    });
  }

  private async round(credential: BankCredential, signal: AbortSignal): Promise<'idle' | 'busy'> {
    const lane = this.lanes.of(credential.credentialId);
    if (!this.isStopping && (await this.bank.speaksFor(credential.credentialId))) {
      let began = true;
      while (began && !lane.isFull && !lane.waits && !signal.aborted && !this.isStopping) {
        began = await this.beginNext(credential, lane, signal);
      }
    }
    if (lane.isEmpty) return 'idle';
    await lane.anyEnded(TURN_EVERY_MS);
    return 'busy';
  }

  /** Begins, or puts off, the ask whose turn it is; false when nothing more can be begun now. */
  private async beginNext(
    credential: BankCredential,
    lane: AskLane,
    signal: AbortSignal,
  ): Promise<boolean> {
    const due = await this.claims.next(credential, lane);
    if (due === null) {
      lane.wait(LOOK_EVERY_MS);
      return false;
    }
    const closedForMs = await this.bank.closedForMs(credential.credentialId, signal);
    if (closedForMs > 0) {
      lane.wait(closedForMs);
      return false;
    }
    const prepared = await this.claims.prepare(due, credential);
    if (prepared === null) lane.postpone(due.transactionId, QUEUE_LAG_MS);
    else await this.beginOrWait(due, prepared, { credential, lane });
    return true;
  }

  private async beginOrWait(
    due: DueAsk,
    prepared: PreparedAsk,
    { credential, lane }: { readonly credential: BankCredential; readonly lane: AskLane },
  ): Promise<void> {
    const turn = await this.bank.take(credential, due.transactionId);
    switch (turn.outcome) {
      case 'permit':
        return lane.begin(due, this.ask(prepared, turn.permit, lane));
      case 'wait_for_transaction':
        return lane.postpone(due.transactionId, turn.waitMs);
      case 'wait':
        return lane.wait(turn.waitMs);
    }
  }

  /** Never fails: an ask that broke off is found by its deadline, and closed as unknown. */
  private async ask(prepared: PreparedAsk, permit: Permit, lane: AskLane): Promise<void> {
    const { transactionId } = prepared;
    try {
      await this.asker.ask(prepared, permit, this.giveUp.signal);
    } catch (error) {
      if (error instanceof RuleViolation) await this.bank.giveBack(permit);
      this.logger.warn({ err: error, transactionId }, 'ask broke off');
    } finally {
      lane.postpone(transactionId, QUEUE_LAG_MS);
    }
  }
}
