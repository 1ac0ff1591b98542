/** What is known of a job's latest run. */
export interface LatestRun {
  readonly startedAt: Date;
  readonly succeededAt: Date | null;
  readonly failed: boolean;
}

/**
 * When a job runs next: so long after its latest run began, and sooner after one that failed. A run that was cut short counts
 * as it began, so that a job which ends its process does not end every process in turn.
 */
export function dueAt(latest: LatestRun | null, everyMs: number, retryMs: number): Date {
  if (latest === null) return new Date(0);
  const waitMs = latest.failed ? Math.min(retryMs, everyMs) : everyMs;
  return new Date(latest.startedAt.getTime() + waitMs);
}
