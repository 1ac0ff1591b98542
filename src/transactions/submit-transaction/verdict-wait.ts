import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { CommandRunner } from '../../platform/event-store/command-runner.js';
import { transactionStream } from '../domain/transaction-id.js';
import { transactionAggregate, type SubmittedTransaction } from '../domain/transaction.js';

const WAIT = /(?:^|[,;\s])wait\s*=\s*(\d{1,9})(?=$|[,;\s])/i;
// A caller who waits holds a connection; who wants more can ask again or take the webhook.
const LONGEST_SECONDS = 30;

/** Reads `Prefer: wait=N` (RFC 7240), bounded; null when nothing is preferred. */
export function preferredWait(header: string | undefined): number | null {
  const seconds = WAIT.exec(header ?? '')?.[1];
  return seconds === undefined ? null : Math.min(Number(seconds), LONGEST_SECONDS);
}

// A verdict seldom takes less than a call to the bank; looking more often would only load the log.
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1000;

/** Holds an answer back until there is a verdict, for those who prefer that to asking again. */
@Injectable()
export class VerdictWait implements OnModuleDestroy {
  private readonly stopping = new AbortController();

  constructor(
    private readonly runner: CommandRunner,
    private readonly clock: Clock,
  ) {}

  /** Waiting callers are answered at once when the process stops. */
  onModuleDestroy(): void {
    this.stopping.abort();
  }

  /** What was seen last, at the latest after so many seconds, or when the caller is gone. */
  async forVerdict(
    transaction: SubmittedTransaction,
    seconds: number,
    callerGone: AbortSignal,
  ): Promise<SubmittedTransaction> {
    const signal = AbortSignal.any([this.stopping.signal, callerGone]);
    const until = this.clock.monotonicMs() + seconds * 1000;
    let latest = transaction;
    let pauseMs = FIRST_PAUSE_MS;
    while (latest.status === 'pending') {
      const leftMs = until - this.clock.monotonicMs();
      if (leftMs <= 0 || !(await pause(Math.min(pauseMs, leftMs), signal))) break;
      latest = await this.look(latest);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
    return latest;
  }

  private async look(latest: SubmittedTransaction): Promise<SubmittedTransaction> {
    const stream = transactionStream(latest.claim.transactionId);
    const { state } = await this.runner.load(stream, transactionAggregate);
    return state.status === 'none' ? latest : state;
  }
}

/** True when the whole pause is over, false when it was cut short. */
const pause = (ms: number, signal: AbortSignal): Promise<boolean> =>
  delay(ms, true, { signal }).catch((error: unknown) => {
    if (signal.aborted) return false;
    throw error;
  });
