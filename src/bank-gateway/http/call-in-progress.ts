import { CanceledError, isAxiosError } from 'axios';
import { AskPermits, NoPermit } from '../permits/ask-permits.js';
import type { Permit } from '../permits/permit-log.port.js';
import type { BankRequest, FailedReply, LostReason, NotSentReason } from './bank-reply.js';
import { AttemptTrace } from './bank-transport.js';

// What Node says when no connection came about; anything else before the first byte is `connect_failed`.
const NOT_SENT: Readonly<Record<string, NotSentReason>> = {
  ECONNREFUSED: 'connect_refused',
  ENOTFOUND: 'name_not_resolved',
  EAI_AGAIN: 'name_not_resolved',
  EADDRFORBIDDEN: 'address_forbidden',
};

const REPEATABLE: readonly NotSentReason[] = [
  'connect_refused',
  'name_not_resolved',
  'connect_timeout',
];

/** One call with all its attempts: travels with axios's configuration from interceptor to interceptor. */
export class CallInProgress {
  attempts = 0;
  trace = new AttemptTrace();
  permit: Permit | null = null;
  startedMs = 0;
  private failure: FailedReply | null = null;
  private deadline: AbortSignal | null = null;

  constructor(
    readonly request: BankRequest,
    readonly permits: AskPermits,
    private readonly cancel: AbortSignal,
  ) {}

  /** Takes the permit of the next attempt and starts its time. @throws NoPermit */
  async begin(wholeMs: number, monotonicMs: () => number): Promise<AbortSignal> {
    // The call may have waited long in the queue: a permit must not go to one that nobody wants any more.
    this.cancel.throwIfAborted();
    this.permit = await this.permits.next(this.cancel);
    this.attempts += 1;
    this.trace = new AttemptTrace();
    this.startedMs = monotonicMs();
    this.deadline = AbortSignal.timeout(wholeMs);
    return AbortSignal.any([this.cancel, this.deadline]);
  }

  /** How the attempt ended that threw this. */
  failed(error: unknown): FailedReply {
    this.failure = this.trace.sent
      ? { kind: 'lost', reason: this.lostBecause(error) }
      : { kind: 'not_sent', reason: this.notSentBecause(error) };
    return this.failure;
  }

  /** Only what failed before anything was sent may be repeated at once: the bank cannot have counted or done it. */
  get mayRepeat(): boolean {
    return this.failure?.kind === 'not_sent' && REPEATABLE.includes(this.failure.reason);
  }

  /** What the whole call comes to when it ends in an error. */
  endedBy(error: unknown): FailedReply {
    // A repeat that found no permit is no attempt: the last real one says what happened.
    if (error instanceof NoPermit) return this.failure ?? { kind: 'not_sent', reason: 'no_permit' };
    return this.failure ?? this.failed(error);
  }

  private notSentBecause(error: unknown): NotSentReason {
    if (this.cancel.aborted) return 'cancelled';
    if (this.trace.expired === 'connect' || this.deadline?.aborted) return 'connect_timeout';
    return NOT_SENT[codeOf(error)] ?? 'connect_failed';
  }

  private lostBecause(error: unknown): LostReason {
    if (this.trace.expired === 'headers') return 'headers_timeout';
    if (this.trace.expired === 'body') return 'body_timeout';
    if (this.cancel.aborted) return 'cancelled';
    if (this.deadline?.aborted || error instanceof CanceledError) return 'whole_timeout';
    if (this.trace.aborted) return 'connection_lost';
    const code = codeOf(error);
    // Axios gives one code to its two complaints about an answer; the other one is `aborted` above.
    if (code === 'ERR_BAD_RESPONSE') return 'answer_too_large';
    return /^(HPE_|Z_|ERR_ZSTD|ERR_BROTLI)/.test(code) ? 'answer_unreadable' : 'connection_lost';
  }
}

const codeOf = (error: unknown): string =>
  isAxiosError(error) || error instanceof Error ? ((error as { code?: string }).code ?? '') : '';
