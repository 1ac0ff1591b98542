/** What the estimate looks at. */
export interface Waiting {
  /** Since when the claim has its present words. */
  readonly since: Date;
  readonly now: Date;
  /** No verdict comes without an ask. */
  readonly nextAskAt: Date;
  /** Until when the payment may show in time; then comes the verdict that it did not. Null when that is past. */
  readonly latestAt: Date | null;
}

/**
 * When a verdict is to be expected: the median of the latest verdicts at the bank that took longer than this claim has
 * waited already. Half of all verdicts come earlier, half later; a metric shows whether that is so.
 */
export function expectedVerdictAt(
  { since, now, nextAskAt, latestAt }: Waiting,
  delaysMs: readonly number[],
): Date {
  const waitedMs = now.getTime() - since.getTime();
  const longer = delaysMs.filter((delayMs) => delayMs > waitedMs).sort((a, b) => a - b);
  const medianMs = longer[Math.floor((longer.length - 1) / 2)] ?? 0;
  const soonestMs = nextAskAt.getTime();
  const usualMs = Math.max(soonestMs, since.getTime() + medianMs);
  const boundMs = latestAt === null ? usualMs : Math.max(soonestMs, latestAt.getTime());
  return new Date(Math.min(usualMs, boundMs));
}
