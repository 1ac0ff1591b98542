import {
  BrokenCircuitError,
  circuitBreaker,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  handleWhenResult,
} from 'cockatiel';
import type { Clock } from '../../kernel/clock.js';
import type { BankReply } from './bank-reply.js';

export interface CircuitSettings {
  /** Failures in a row that open the circuit. */
  readonly failures: number;
  /** How long it stays open before one call may probe. */
  readonly openMs: number;
}

/**
 * Stops calling a bank that cannot be reached, and finds out with single probes when it can be again. A probe is a
 * call like any other: it takes its permit where every attempt does.
 */
export class CircuitBreaker {
  private readonly policy: CircuitBreakerPolicy;
  private openedMs = 0;

  constructor(
    private readonly settings: CircuitSettings,
    private readonly clock: Clock,
    onChange: (state: 'open' | 'closed') => void,
  ) {
    // A probe that found no permit has proven nothing: the circuit stays open.
    const failed = (reply: unknown) =>
      isFailure(reply as BankReply) ||
      (this.policy.state === CircuitState.HalfOpen && !isAttempt(reply as BankReply));
    this.policy = circuitBreaker(handleWhenResult(failed), {
      halfOpenAfter: settings.openMs,
      breaker: new ConsecutiveBreaker(settings.failures),
    });
    this.policy.onBreak(() => {
      this.openedMs = clock.monotonicMs();
      onChange('open');
    });
    this.policy.onReset(() => onChange('closed'));
  }

  /** How long until a probe may be made; 0 when calls may be. */
  get waitMs(): number {
    if (this.policy.state !== CircuitState.Open) return 0;
    return Math.max(0, Math.ceil(this.openedMs + this.settings.openMs - this.clock.monotonicMs()));
  }

  async run(call: () => Promise<BankReply>): Promise<BankReply> {
    try {
      return await this.policy.execute(call);
    } catch (error) {
      if (error instanceof BrokenCircuitError) return { kind: 'not_sent', reason: 'circuit_open' };
      throw error;
    }
  }
}

/** The bank or the way to it is broken. A page in place of JSON on a 5xx comes from a proxy before the bank. */
function isFailure(reply: BankReply): boolean {
  if (reply.kind === 'answered') {
    return reply.httpStatus >= 500 && !(reply.contentType ?? '').includes('json');
  }
  return isAttempt(reply);
}

function isAttempt(reply: BankReply): boolean {
  if (reply.kind === 'answered') return true;
  if (reply.reason === 'cancelled') return false;
  return (
    reply.kind === 'lost' ||
    reply.reason.startsWith('connect') ||
    reply.reason === 'name_not_resolved' ||
    reply.reason === 'address_forbidden'
  );
}
