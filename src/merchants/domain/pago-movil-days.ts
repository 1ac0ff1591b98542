import type { LocalDate } from '../../kernel/local-date.js';

/** Days on which an account received the Pago Móvil of its credential. Null: since ever, and until further notice. */
export interface PagoMovilDays {
  readonly from: LocalDate | null;
  /** The first day on which it did not any more. */
  readonly until: LocalDate | null;
}

export const EVER: PagoMovilDays = { from: null, until: null };

export const holdsOn = (days: readonly PagoMovilDays[], day: LocalDate): boolean =>
  days.some(({ from, until }) => (from === null || from <= day) && (until === null || day < until));

/** The first day on which the present holder received it; null for ever, or where none does. */
export const heldSince = (days: readonly PagoMovilDays[]): LocalDate | null =>
  days.find(({ until }) => until === null)?.from ?? null;

export const begun = (days: readonly PagoMovilDays[], from: LocalDate | null): PagoMovilDays[] => [
  ...days,
  { from, until: null },
];

/** Days that would have ended before they began are left out. */
export const ended = (days: readonly PagoMovilDays[], until: LocalDate): PagoMovilDays[] =>
  days
    .map((period) => (period.until === null ? { ...period, until } : period))
    .filter(
      (period) => period.from === null || period.until === null || period.from < period.until,
    );

/** The first day that no former holder received it on; null where nobody ever stopped. */
export function freeSince(days: readonly PagoMovilDays[]): LocalDate | null {
  const ends = days.flatMap(({ until }) => (until === null ? [] : [until]));
  return ends.toSorted().at(-1) ?? null;
}
