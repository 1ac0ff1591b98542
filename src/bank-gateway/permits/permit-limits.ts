import { assert } from '../../kernel/assert.js';

/** What a bank's contract allows one credential. */
export interface PermitLimits {
  /** Calls of any operation in a window. */
  readonly calls: number;
  readonly windowMs: number;
  /** Added to every window, since the bank's clock and Postgres's need not run equally fast. */
  readonly marginMs: number;
  /** Look-ups about one transaction in a window. */
  readonly callsPerTransaction: number;
  /** Whether token calls count against `calls` too. */
  readonly tokenCallsCount: boolean;
  /** Token calls in a window, whether or not they count against `calls`. */
  readonly tokenCalls: number;
  /** How long an attempt really may last: no permit without an answer counts for less, whatever was asked. */
  readonly callDeadlineMs: number;
}

/** The limits of every credential this installation may speak for. */
export class PermitLimitsByCredential {
  private readonly limits = new Map<string, PermitLimits>();

  constructor(limits: ReadonlyMap<string, PermitLimits>) {
    for (const [credentialId, of] of limits) this.add(credentialId, of);
  }

  /** Those of a credential that came later. */
  add(credentialId: string, limits: PermitLimits): void {
    const { calls, callsPerTransaction, tokenCalls, windowMs } = limits;
    assert(Math.min(calls, callsPerTransaction, tokenCalls, windowMs) > 0, 'a limit below one');
    this.limits.set(credentialId, limits);
  }

  has(credentialId: string): boolean {
    return this.limits.has(credentialId);
  }

  /** @throws AssertionFailed for a credential without a contract: nothing may be sent without limits */
  of(credentialId: string): PermitLimits {
    const limits = this.limits.get(credentialId);
    assert(limits !== undefined, 'a credential without limits');
    return limits;
  }
}
