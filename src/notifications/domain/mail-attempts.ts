/** How patiently mails are tried. */
export interface Patience {
  readonly retries: number;
  readonly retrySeconds: number;
}

/** When a mail is tried again after so many attempts; null: it is given up. */
export function nextAttempt(
  attempts: number,
  { retries, retrySeconds }: Patience,
  now: Date,
): Date | null {
  if (attempts > retries) return null;
  return new Date(now.getTime() + retrySeconds * 1000 * 2 ** (attempts - 1));
}
