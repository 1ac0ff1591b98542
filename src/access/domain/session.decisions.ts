/** A refresh token and its session, as they are found. */
export interface PresentedRefresh {
  readonly usedAt: Date | null;
  readonly endedAt: Date | null;
  readonly endsAt: Date;
  readonly lastUsedAt: Date;
  readonly userDisabled: boolean;
}

export type RefreshOutcome = 'renew' | 'refuse' | 'stolen';

/**
 * What becomes of a refresh token that is presented. One that was used before is in two hands, and nobody can tell
 * which of them is the owner's: the session ends for both.
 */
export function judgeRefresh(
  presented: PresentedRefresh | null,
  idleSeconds: number,
  now: Date,
): RefreshOutcome {
  if (presented === null || presented.endedAt !== null || presented.userDisabled) return 'refuse';
  if (presented.usedAt !== null) return 'stolen';
  return isOver(presented, idleSeconds, now) ? 'refuse' : 'renew';
}

/** Whether a session has come to its end, by its age or because nobody used it. */
export const isOver = (
  { endsAt, lastUsedAt }: { readonly endsAt: Date; readonly lastUsedAt: Date },
  idleSeconds: number,
  now: Date,
): boolean => endsAt <= now || lastUsedAt.getTime() + idleSeconds * 1000 <= now.getTime();
