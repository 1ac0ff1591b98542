import type { Clock } from '../../src/kernel/clock.js';
import type {
  PermitLimits,
  PermitLimitsByCredential,
} from '../../src/bank-gateway/permits/permit-limits.js';
import {
  type PermitAnswer,
  PermitLog,
  type PermitRequest,
  type PermitUsage,
} from '../../src/bank-gateway/permits/permit-log.port.js';
import {
  freesInMs,
  latestArrivalMs,
  PERMIT_VALID_MS,
  type QuotaState,
  usageOf,
  waitMsFor,
} from '../../src/bank-gateway/permits/quota.js';

interface Row {
  readonly permitId: string;
  readonly request: PermitRequest;
  readonly takenMs: number;
  readonly deadlineMs: number;
  resolvedMs: number | null;
}

// Beyond this no clock of a test steps.
const LARGEST_STEP_MS = 60_000;

/** The permit log for virtual time; held to the same contract suite as the one in Postgres. */
export class InMemoryPermitLog extends PermitLog {
  private rows: Row[] = [];
  private readonly coolDowns = new Map<string, number>();
  private taken = 0;

  /** The monotonic reading of the second clock plays Postgres's, which may step. */
  constructor(
    private readonly limits: PermitLimitsByCredential,
    private readonly clock: Clock,
    private readonly database: Pick<Clock, 'monotonicMs'> = clock,
  ) {
    super();
  }

  tryTake(request: PermitRequest): Promise<PermitAnswer> {
    const limits = this.limits.of(request.credentialId);
    const waitMs = waitMsFor(request, this.state(request.credentialId, limits), limits);
    if (waitMs > 0) return Promise.resolve({ outcome: 'wait', waitMs });
    const takenMs = this.database.monotonicMs();
    this.taken += 1;
    const permitId = `00000000-0000-4000-8000-${String(this.taken).padStart(12, '0')}`;
    const deadlineMs = takenMs + latestArrivalMs(request, limits);
    this.rows.push({ permitId, request, takenMs, deadlineMs, resolvedMs: null });
    const validUntilMonotonicMs = this.clock.monotonicMs() + PERMIT_VALID_MS;
    const permit = { permitId, credentialId: request.credentialId, validUntilMonotonicMs };
    return Promise.resolve({ outcome: 'taken', permit });
  }

  resolve(permitId: string): Promise<void> {
    const row = this.rows.find((candidate) => candidate.permitId === permitId);
    if (row !== undefined) {
      const nowMs = this.database.monotonicMs();
      row.resolvedMs ??= Math.max(row.takenMs, Math.min(nowMs, row.deadlineMs));
    }
    return Promise.resolve();
  }

  coolDown(credentialId: string, forMs: number, _reason: string): Promise<void> {
    const untilMs = this.database.monotonicMs() + forMs;
    this.coolDowns.set(
      credentialId,
      Math.max(untilMs, this.coolDowns.get(credentialId) ?? -Infinity),
    );
    return Promise.resolve();
  }

  contract(credentialId: string): { readonly calls: number; readonly windowMs: number } | null {
    if (!this.limits.has(credentialId)) return null;
    const { calls, windowMs, marginMs } = this.limits.of(credentialId);
    return { calls, windowMs: windowMs + marginMs };
  }

  usage(credentialId: string): Promise<PermitUsage> {
    const limits = this.limits.of(credentialId);
    return Promise.resolve(usageOf(this.state(credentialId, limits), limits));
  }

  private state(credentialId: string, limits: PermitLimits): QuotaState {
    const nowMs = this.database.monotonicMs();
    // What no longer counts may count again when the clock steps back.
    this.rows = this.rows.filter(
      (row) => freesInMs(row, nowMs, this.limits.of(row.request.credentialId)) > -LARGEST_STEP_MS,
    );
    return {
      counting: this.rows
        .filter((row) => row.request.credentialId === credentialId)
        .map((row) => ({
          operation: row.request.operation,
          transactionId: row.request.transactionId,
          freesInMs: freesInMs(row, nowMs, limits),
        }))
        .filter((permit) => permit.freesInMs > 0),
      coolDownMs: Math.max(0, (this.coolDowns.get(credentialId) ?? -Infinity) - nowMs),
    };
  }
}
