import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { BankCredential } from '../bank-gateway/bank-gateway.port.js';
import type { Worker } from '../platform/workers/worker.js';
import { AskLanes } from './ask-lanes.js';
import { BankTurn } from './bank-turn.js';
import { CallRunner, type CallPlace } from './call-runner.js';
import type { Call } from './domain/planner.js';
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
    private readonly calls: CallRunner,
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
    const place: CallPlace = { credential, lane, giveUp: this.giveUp.signal };
    const firstAskShare = lane.firstAskShare(this.bank.terms(credential).msPerCall);
    const { credentialId } = credential;
    if (!this.isStopping && (await this.bank.speaksFor(credentialId, firstAskShare))) {
      let began = true;
      while (
        began &&
        !lane.isFull &&
        lane.waitsForMs === 0 &&
        !signal.aborted &&
        !this.isStopping
      ) {
        began = await this.beginNext(place, signal);
      }
    }
    if (lane.isEmpty) return 'idle';
    await lane.anyEnded(TURN_EVERY_MS);
    return 'busy';
  }

  /** Begins, or puts off, the call whose turn it is; false when nothing more can be begun now. */
  private async beginNext(place: CallPlace, signal: AbortSignal): Promise<boolean> {
    const { credential, lane } = place;
    const call = await this.claims.next(credential, this.bank.terms(credential), lane);
    if (call === null) {
      lane.wait(LOOK_EVERY_MS);
      return false;
    }
    const closedForMs = await this.bank.closedForMs(credential.credentialId, signal);
    if (closedForMs > 0) {
      lane.wait(closedForMs);
      return false;
    }
    await (call.call === 'sweep'
      ? this.beginSweep(call, place)
      : this.beginLookUp(call.head, place));
    return true;
  }

  private async beginLookUp(due: DueAsk, place: CallPlace): Promise<void> {
    const { transactionId, merchantId } = due;
    const { credential, lane } = place;
    const prepared = await this.claims.prepare(due, credential);
    if (prepared === null) {
      lane.postpone(transactionId, QUEUE_LAG_MS);
      return;
    }
    const turn = await this.bank.take(credential, transactionId);
    if (turn.outcome === 'permit') {
      if (due.watch.asksStarted === 0 && due.watch.conclusive === 0) lane.countFirstAsk();
      lane.begin(transactionId, merchantId, this.calls.lookUp(prepared, turn.permit, place));
    } else if (turn.outcome === 'wait_for_transaction') {
      lane.postpone(transactionId, turn.waitMs);
    } else {
      lane.wait(turn.waitMs);
    }
  }

  private async beginSweep(
    { range, merchantId, hasFresh }: Extract<Call<DueAsk>, { call: 'sweep' }>,
    place: CallPlace,
  ): Promise<void> {
    const { credential, lane } = place;
    const turn = await this.bank.take(credential, null);
    if (turn.outcome === 'permit') {
      if (hasFresh) lane.countFirstAsk();
      const work = this.calls.sweep(range, turn.permit, place);
      lane.begin(range.receivingAccountId, merchantId, work);
    } else {
      lane.wait(turn.waitMs);
    }
  }
}
