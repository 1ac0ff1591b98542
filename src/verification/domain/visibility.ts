import { addDays, localDateAt, startOfDay, type LocalDate } from '../../kernel/local-date.js';
import type { PaymentKind } from '../../matching/payment-claim.js';

/** How long a credit may take to show at the bank; all of it configuration. */
export interface VisibilityRules {
  readonly withinMs: number;
  /** For transfers between banks, which may be deferred: hours of banking days only. */
  readonly deferredMs: number;
  /** Days on which no bank works, beside Saturdays and Sundays. */
  readonly holidays: ReadonlySet<string>;
}

export interface Travelled {
  readonly kind: PaymentKind;
  readonly originBank: string;
  readonly bank: string;
}

const DAY_MS = 86_400_000;
// A holiday list that never ends is a mistake in the configuration; the deadline still must come.
const LONGEST_DAYS = 60;

const isBankingDay = (date: LocalDate, holidays: ReadonlySet<string>): boolean => {
  const weekday = new Date(`${date}T00:00:00.000Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !holidays.has(date);
};

/** The instant at which so much time of banking days has passed; a banking day has 24 hours, at the bank. */
export function afterBankingTime(from: Date, ms: number, holidays: ReadonlySet<string>): Date {
  // No time has passed at once, also on a Sunday.
  if (ms === 0) return from;
  let date = localDateAt(from);
  let atMs = from.getTime();
  let leftMs = ms;
  for (let days = 0; days < LONGEST_DAYS; days += 1) {
    const endMs = startOfDay(addDays(date, 1)).getTime();
    if (isBankingDay(date, holidays)) {
      if (leftMs <= endMs - atMs) return new Date(atMs + leftMs);
      leftMs -= endMs - atMs;
    }
    date = addDays(date, 1);
    atMs = endMs;
  }
  return new Date(from.getTime() + LONGEST_DAYS * DAY_MS);
}

/**
 * Until when the bank must have shown the credit of a claim. A transfer from another bank may be an immediate or a
 * deferred one, which the claim does not tell: it is given the time of the deferred, never less than the other's.
 */
export function visibleBy(
  { kind, originBank, bank }: Travelled,
  from: Date,
  { withinMs, deferredMs, holidays }: VisibilityRules,
): Date {
  const usual = new Date(from.getTime() + withinMs);
  if (kind !== 'transfer' || originBank === bank) return usual;
  const deferred = afterBankingTime(from, deferredMs, holidays);
  return deferred > usual ? deferred : usual;
}
