import { addDays, type LocalDate } from '../../kernel/local-date.js';
import { reject, type Rejection } from '../../kernel/rejection.js';
import { begun, ended, freeSince, heldSince, type PagoMovilDays } from './pago-movil-days.js';

export type AccountChangeRejection = 'pago_movil_account_taken' | 'pago_movil_day_out_of_range';

/** What is known of an account that shares its affiliate with others. */
export interface AccountOfAffiliate {
  readonly id: string;
  readonly receives: boolean;
  readonly days: readonly PagoMovilDays[];
}

/** Who shall receive the Pago Móvil of an affiliate from which day on. */
export interface PagoMovilWish {
  readonly account: AccountOfAffiliate;
  readonly receives: boolean;
  /** From whom it is taken, as whoever asks saw it; null: from nobody. */
  readonly takesFrom: string | null;
  readonly on: LocalDate;
  readonly today: LocalDate;
  /** The other accounts that the bank's answers do not tell from this one. */
  readonly others: readonly AccountOfAffiliate[];
  /** Whether this installation lets them share it. */
  readonly isShared: boolean;
}

// The phone is moved at the bank on a day that somebody remembers, or has agreed upon.
const DAYS_AROUND_TODAY = 31;

/**
 * Who receives it then; only accounts that change are named. A payment on a day before proves a claim on the account
 * that received it that day and on no other, so the days of two accounts never overlap.
 */
export function movePagoMovil(
  wish: PagoMovilWish,
): readonly AccountOfAffiliate[] | Rejection<AccountChangeRejection> {
  const { account, receives, on } = wish;
  if (receives === account.receives) return [];
  const giving = receives ? holderOf(wish) : account;
  const refusal = judge(wish, giving);
  if (refusal !== null) return refusal;
  const given =
    giving === undefined ? [] : [{ ...giving, receives: false, days: ended(giving.days, on) }];
  return receives
    ? [{ ...account, receives: true, days: begun(account.days, on) }, ...given]
    : given;
}

const holderOf = ({ isShared, others }: PagoMovilWish): AccountOfAffiliate | undefined =>
  isShared ? undefined : others.find((other) => other.receives);

function judge(
  wish: PagoMovilWish,
  giving: AccountOfAffiliate | undefined,
): Rejection<AccountChangeRejection> | null {
  const { receives, takesFrom, on, today } = wish;
  if (receives && takesFrom !== (giving?.id ?? null)) {
    return reject('pago_movil_account_taken', { receiving_account_id: giving?.id ?? 'none' });
  }
  const earliest = earliestOf(wish, giving);
  const isInRange = on >= earliest && on <= addDays(today, DAYS_AROUND_TODAY);
  return isInRange ? null : reject('pago_movil_day_out_of_range', { earliest });
}

function earliestOf(
  { account, others, isShared, today }: PagoMovilWish,
  giving: AccountOfAffiliate | undefined,
): LocalDate {
  const all = isShared ? account.days : [account, ...others].flatMap(({ days }) => days);
  const bounds = [
    addDays(today, -DAYS_AROUND_TODAY),
    freeSince(all),
    giving === undefined ? null : heldSince(giving.days),
  ];
  const [first = today, ...rest] = bounds.filter((day) => day !== null);
  return rest.reduce((latest, day) => (day > latest ? day : latest), first);
}
