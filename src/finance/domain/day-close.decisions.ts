import { localDateAt } from '../../kernel/local-date.js';
import { accept, reject, type Decision } from '../../kernel/rejection.js';
import { dayClosed, type DayClosed, type DayClosedEvent } from '../events/day-closed.event.js';
import { versionOf, type DayCloses } from './day-close.js';

export type DayCloseRejection =
  | 'day_not_over'
  | 'day_already_closed'
  | 'version_changed'
  | 'coverage_incomplete'
  | 'closed_too_often';

/** Everything that a close says, but for what follows from those before it. */
export interface DayToClose extends Omit<DayClosed, 'version' | 'acceptedIncomplete' | 'closedAt'> {
  /** Close even though the bank has not listed the whole day. */
  readonly acceptIncomplete: boolean;
  /** The version that whoever closes has seen, 0 for an open day; null: none, which only a first close may say. */
  readonly seenVersion: number | null;
}

// Whoever corrects a day more often than this has another question than what the day came to.
const MOST_VERSIONS = 100;

/** Closes a day, or corrects its last close; what was closed before stays as it is. */
export function closeDay(
  state: DayCloses,
  { acceptIncomplete, seenVersion, ...close }: DayToClose,
  now: Date,
): Decision<DayClosedEvent, DayCloseRejection> {
  const version = versionOf(state);
  // Text of one shape, so the order of letters is that of days.
  if (close.day >= localDateAt(now)) return reject('day_not_over', { day: close.day });
  if (seenVersion === null && version > 0) return reject('day_already_closed', { version });
  if (seenVersion !== null && seenVersion !== version) {
    return reject('version_changed', { version });
  }
  if (close.coverage !== 'complete' && !acceptIncomplete) {
    return reject('coverage_incomplete', { coverage: close.coverage });
  }
  if (version >= MOST_VERSIONS) return reject('closed_too_often', { version });
  return accept(
    dayClosed({
      ...close,
      version: version + 1,
      acceptedIncomplete: acceptIncomplete,
      closedAt: now.toISOString(),
    }),
  );
}
