import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import type { TransactionVerified } from '../../src/transactions/events/transaction-verified.event.js';
import { covers } from '../../src/verification/domain/swept.js';
import type { Watch } from '../../src/verification/domain/watch.js';
import type { Foresight } from '../../src/verification/explain-transaction/foresight.js';
import type { SweepAnswered } from '../../src/verification/record-sweep/sweep-answered.event.js';

/** One look at `/explain` of a pending claim: what it foresaw, and how it came. Milliseconds from the look on. */
export interface Estimate {
  /** Whether the claim had been asked about. */
  readonly isRepeat: boolean;
  readonly foreseenMs: number | null;
  readonly cameMs: number;
}

interface Look {
  readonly watch: Watch;
  readonly atMs: number;
  readonly askMs: number | null;
  readonly verdictMs: number | null;
}

/** Holds what `/explain` foresees against what comes: the next look of the bank at a claim, and its verdict. */
export class EstimateRecord {
  readonly asks: Estimate[] = [];
  readonly verdicts: Estimate[] = [];
  private readonly awaitingAsk = new Map<string, Look>();
  private readonly awaitingVerdict = new Map<string, Look>();

  /** Looks at a claim, unless an earlier look at it still waits for what comes. */
  async look(foresight: Foresight, watch: Watch, now: Date): Promise<void> {
    const { transactionId } = watch.claim;
    if (watch.openAsk !== null || this.awaitingAsk.has(transactionId)) return;
    const atMs = now.getTime();
    const { action, expectedAt, verdictAt } = await foresight.of(watch);
    if (action !== 'ask') return;
    const from = (at: Date | null): number | null => (at === null ? null : at.getTime() - atMs);
    const look = { watch, atMs, askMs: from(expectedAt), verdictMs: from(verdictAt) };
    this.awaitingAsk.set(transactionId, look);
    if (!this.awaitingVerdict.has(transactionId)) this.awaitingVerdict.set(transactionId, look);
  }

  see({ type, streamName, data }: StoredEvent, now: Date): void {
    const transactionId = streamName.replace('transaction-', '');
    if (type === 'AskStarted.v1') this.asked(transactionId, now.getTime());
    if (type === 'SweepAnswered.v1') this.listed(data as SweepAnswered);
    if (type === 'TransactionVerified.v1') {
      this.ended(transactionId, Date.parse((data as TransactionVerified).verifiedAt));
    }
    if (type === 'TransactionExpired.v1') this.ended(transactionId, now.getTime());
  }

  private asked(transactionId: string, atMs: number): void {
    const look = this.awaitingAsk.get(transactionId);
    if (look === undefined) return;
    this.awaitingAsk.delete(transactionId);
    this.asks.push(toEstimate(look, look.askMs, atMs));
  }

  /** A listing that covers a claim is a look at it, as an ask is. */
  private listed(sweep: SweepAnswered): void {
    const beganMs = Date.parse(sweep.answeredAt) - sweep.durationMs;
    for (const [transactionId, look] of this.awaitingAsk) {
      if (look.atMs <= beganMs && covers(sweep, look.watch)) this.asked(transactionId, beganMs);
    }
  }

  private ended(transactionId: string, atMs: number): void {
    const look = this.awaitingVerdict.get(transactionId);
    this.awaitingAsk.delete(transactionId);
    this.awaitingVerdict.delete(transactionId);
    if (look !== undefined) this.verdicts.push(toEstimate(look, look.verdictMs, atMs));
  }
}

const toEstimate = (
  { watch, atMs }: Look,
  foreseenMs: number | null,
  cameAtMs: number,
): Estimate => ({
  isRepeat: watch.asksStarted + watch.conclusive > 0,
  foreseenMs,
  cameMs: cameAtMs - atMs,
});
