import type { Call } from './journal.js';

const KEPT = 1_000;

/** What the bank counted, for whoever wants to prove that its limit was kept. */
export class CallLog {
  private recentCalls: Call[] = [];
  private operations: Record<string, number> = {};
  private calls = 0;
  private breachCount = 0;

  record(call: Call): void {
    this.calls += 1;
    if (call.breach) this.breachCount += 1;
    this.operations[call.operation] = (this.operations[call.operation] ?? 0) + 1;
    this.recentCalls.push(call);
    if (this.recentCalls.length > KEPT) this.recentCalls.shift();
  }

  /** The last calls, oldest first. */
  recent(): readonly Call[] {
    return this.recentCalls;
  }

  /** `calls` counts all of them, token calls too. */
  summary(): Readonly<Record<string, unknown>> {
    return {
      calls: this.calls,
      token_calls: this.operations['token'] ?? 0,
      breaches: this.breachCount,
      operations: { ...this.operations },
    };
  }

  clear(): void {
    this.recentCalls = [];
    this.operations = {};
    this.calls = 0;
    this.breachCount = 0;
  }
}
