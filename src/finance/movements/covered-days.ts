import { addDays, localDateAt, type LocalDate } from '../../kernel/local-date.js';
import type { BankOutcome } from '../../matching/bank-answer.js';
import type { SweepAnswered } from '../../verification/record-sweep/sweep-answered.event.js';
import type { AccountCoverageTable } from './movement.table.js';

/** Listings that tell what the bank shows; an empty one tells it too. */
const CONCLUSIVE: ReadonlySet<BankOutcome> = new Set(['found', 'not_visible_yet']);
// A listing is refused beyond this by every bank, so a longer range was written by nobody.
const MOST_DAYS = 366;

/**
 * The days that a listing covered. It is the whole of a day only where it began after the day had ended in Caracas,
 * counted from the answer back, so that a clock that was set meanwhile does not make a day complete too early.
 */
export function coveredBy(sweep: SweepAnswered, position: bigint): readonly AccountCoverageTable[] {
  if (!CONCLUSIVE.has(sweep.outcome)) return [];
  const answeredAt = new Date(sweep.answeredAt);
  const today = localDateAt(new Date(answeredAt.getTime() - sweep.durationMs));
  const days: AccountCoverageTable[] = [];
  for (
    let day = sweep.from as LocalDate;
    day <= sweep.to && days.length < MOST_DAYS;
    day = addDays(day, 1)
  ) {
    const isOver = day < today;
    days.push({
      receiving_account_id: sweep.receivingAccountId,
      day,
      swept_position: position,
      last_swept_at: answeredAt,
      complete_position: isOver ? position : null,
      last_complete_at: isOver ? answeredAt : null,
    });
  }
  return days;
}
