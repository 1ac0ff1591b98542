import type { DailyTotalEntry } from './daily-total-entry.js';
import type { DailyTotalChangeTable } from './daily-totals.table.js';

const half = (
  times: 1 | -1,
  { paid_on: _, ...entry }: DailyTotalEntry,
  position: bigint,
): DailyTotalChangeTable => ({ ...entry, times, position });

const adds = ({ day, status, claimed_minor, bank_minor }: DailyTotalEntry): string =>
  [day, status, claimed_minor, bank_minor].join(' ');

/** What one event changed of what a transaction adds: nothing, where the entry adds the same as before. */
export function changesBetween(
  stood: DailyTotalEntry | null,
  stands: DailyTotalEntry | null,
): readonly DailyTotalChangeTable[] {
  if (stands === null || stands === stood) return [];
  const { position } = stands;
  if (stood === null) return [half(1, stands, position)];
  return adds(stood) === adds(stands) ? [] : [half(-1, stood, position), half(1, stands, position)];
}
