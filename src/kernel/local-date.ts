/** A calendar date at the bank, `YYYY-MM-DD` in America/Caracas; never a Date, which is an instant. */
export type LocalDate = string & { readonly __brand: 'LocalDate' };

// Caracas keeps UTC-4 all year; there has been no daylight saving time since 2016.
const CARACAS_OFFSET_MS = -4 * 3_600_000;
const DAY_MS = 86_400_000;
const SHAPE = /^(\d{4})-(\d{2})-(\d{2})$/;

const utcMidnight = (date: LocalDate): number => Date.parse(`${date}T00:00:00.000Z`);
const fromUtcMs = (ms: number): LocalDate => new Date(ms).toISOString().slice(0, 10) as LocalDate;

/** Reads `YYYY-MM-DD`; null for another shape or a day that does not exist. */
export function parseLocalDate(text: string): LocalDate | null {
  if (!SHAPE.test(text)) return null;
  // A day that the month does not have would be taken for one of the next month.
  const day = new Date(`${text}T00:00:00.000Z`).getUTCDate();
  return String(day).padStart(2, '0') === text.slice(8) ? (text as LocalDate) : null;
}

/** The date on the wall in Caracas at an instant. */
export const localDateAt = (instant: Date): LocalDate =>
  fromUtcMs(instant.getTime() + CARACAS_OFFSET_MS);

/** The date some days later; earlier when negative. */
export const addDays = (date: LocalDate, days: number): LocalDate =>
  fromUtcMs(utcMidnight(date) + days * DAY_MS);

/** Whole days from one date to another; negative when `to` is earlier. */
export const daysBetween = (from: LocalDate, to: LocalDate): number =>
  Math.round((utcMidnight(to) - utcMidnight(from)) / DAY_MS);

/** The instant at which a local date begins. */
export const startOfDay = (date: LocalDate): Date =>
  new Date(utcMidnight(date) - CARACAS_OFFSET_MS);
