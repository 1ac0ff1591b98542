/** What `Retry-After` (RFC 9110, 10.2.3) asks for: seconds, or a date seen against the answer's own `Date`. */
export interface RetryAfterHeaders {
  readonly retryAfter: string | null;
  /** The answer's `Date`: the bank's clock measures the bank's date, ours may differ from it. */
  readonly date: string | null;
}

/** The wish in milliseconds, between 0 and the cap; null when there is none that can be read. */
export function retryAfterMs(headers: RetryAfterHeaders, now: Date, capMs: number): number | null {
  const wish = headers.retryAfter?.trim() ?? '';
  if (/^\d{1,9}$/.test(wish)) return Math.min(Number(wish) * 1000, capMs);
  // A date has letters; without them Date.parse would read other numbers as years.
  const until = /[A-Za-z]/.test(wish) ? Date.parse(wish) : Number.NaN;
  if (Number.isNaN(until)) return null;
  const from = Date.parse(headers.date ?? '');
  const elapsed = until - (Number.isNaN(from) ? now.getTime() : from);
  return Math.min(Math.max(elapsed, 0), capMs);
}
