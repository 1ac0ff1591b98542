/** How patiently mails are tried. */
export interface Patience {
  readonly retries: number;
  readonly retrySeconds: number;
}

const MOST_BETWEEN_SECONDS = 3_600;

/** When a mail is tried again after so many attempts; null: it is kept, and tried now and then. */
export function nextAttempt(
  attempts: number,
  { retries, retrySeconds }: Patience,
  now: Date,
): Date | null {
  if (attempts > retries) return null;
  return new Date(now.getTime() + retrySeconds * 1000 * 2 ** (attempts - 1));
}

/** When a mail that is kept is tried again: the pauses go on doubling, up to an hour. */
export function nextOfKept(attempts: number, { retrySeconds }: Patience, now: Date): Date {
  const seconds = Math.min(MOST_BETWEEN_SECONDS, retrySeconds * 2 ** Math.min(attempts - 1, 20));
  return new Date(now.getTime() + seconds * 1000);
}

/** Whether a failure is a word about this very mail, not about the way to the server. */
export const isOfTheMail = (reason: string): boolean => /^E(ENVELOPE|MESSAGE) /.test(reason);
