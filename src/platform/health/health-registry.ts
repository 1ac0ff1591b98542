import { Injectable } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { assert } from '../../kernel/assert.js';
import { Clock } from '../../kernel/clock.js';
import type { Role } from '../config/config.schema.js';

export type HealthStatus = 'pass' | 'warn' | 'fail';

/** What one check saw. Open to everybody, so it names no address and no person. */
export interface HealthFinding {
  readonly status: HealthStatus;
  readonly observed?: string | number;
  readonly unit?: string;
  /** Why it is not `pass`. */
  readonly reason?: string;
}

/** Something that the service leans on. */
export interface HealthCheck {
  /** snake_case, as it appears in answers. */
  readonly name: string;
  /** An advisory check that fails only warns: the service goes on without what it looks at, such as a bank. */
  readonly advisory: boolean;
  /** The role that leans on it; every role when left out. */
  readonly role?: Role;
  /** How long to wait for an answer; 2 s when left out, since a prober gives up soon after. */
  readonly withinMs?: number;
  look(): Promise<HealthFinding>;
}

export interface HealthReport {
  readonly status: HealthStatus;
  readonly checkedAt: Date;
  readonly findings: Readonly<Record<string, HealthFinding>>;
}

const LOOK_WITHIN_MS = 2_000;
// However many probers there are, the stores are asked twice a second at most.
const FRESH_MS = 500;

/** How one role of the process is, and by which checks. */
export interface RoleHealth {
  readonly status: HealthStatus;
  readonly checks: readonly string[];
}

const worst = (statuses: readonly HealthStatus[]): HealthStatus =>
  statuses.find((status) => status === 'fail') ??
  statuses.find((status) => status === 'warn') ??
  'pass';

async function look(check: HealthCheck): Promise<HealthFinding> {
  const withinMs = check.withinMs ?? LOOK_WITHIN_MS;
  const patience = new AbortController();
  const tooLate = delay(withinMs, null, { signal: patience.signal }).then((): HealthFinding => ({
    status: 'fail',
    reason: `no answer within ${withinMs} ms`,
  }));
  // The loser of the race is ended below, which rejects it.
  tooLate.catch(() => undefined);
  const answer = check.look().catch((error: unknown): HealthFinding => {
    const reason = error instanceof Error ? error.name : 'unknown';
    return { status: 'fail', reason: `unavailable (${reason})` };
  });
  const finding = await Promise.race([answer, tooLate]);
  patience.abort();
  return check.advisory && finding.status === 'fail' ? { ...finding, status: 'warn' } : finding;
}

/** Every check of the process; modules add theirs in `onModuleInit`. */
@Injectable()
export class HealthRegistry {
  private readonly checks: HealthCheck[] = [];
  private latest: Promise<HealthReport> | null = null;
  private latestAtMs = 0;

  constructor(private readonly clock: Clock) {}

  /** @throws AssertionFailed when the name is taken */
  register(check: HealthCheck): void {
    assert(
      !this.checks.some(({ name }) => name === check.name),
      `two health checks are called ${check.name}`,
    );
    this.checks.push(check);
  }

  /** Looks at everything, or answers what was seen within the last half second. Never fails. */
  report(): Promise<HealthReport> {
    const nowMs = this.clock.monotonicMs();
    if (this.latest === null || nowMs - this.latestAtMs >= FRESH_MS) {
      this.latest = this.lookAtAll();
      this.latestAtMs = nowMs;
    }
    return this.latest;
  }

  /** A report by role: the checks that each leans on, and the worst of what they saw. */
  byRole({ findings }: HealthReport, roles: readonly Role[]): Readonly<Record<string, RoleHealth>> {
    return Object.fromEntries(
      roles.map((each) => {
        const own = this.checks.filter(({ role }) => role === undefined || role === each);
        const checks = own.map(({ name }) => name);
        return [
          each,
          { status: worst(checks.map((name) => findings[name]?.status ?? 'pass')), checks },
        ];
      }),
    );
  }

  private async lookAtAll(): Promise<HealthReport> {
    const seen = await Promise.all(
      this.checks.map(async (check) => [check.name, await look(check)] as const),
    );
    return {
      status: worst(seen.map(([, { status }]) => status)),
      checkedAt: this.clock.now(),
      findings: Object.fromEntries(seen),
    };
  }
}
