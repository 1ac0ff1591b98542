import type { LocalDate } from '../kernel/local-date.js';
import type { Currency } from '../kernel/money.js';

/** How the payer says the money travelled. A transfer inside one bank is told apart by the origin bank. */
export type PaymentKind = 'pago_movil' | 'transfer' | 'card_deposit';

/** What the payer says was paid, in the words that asking and matching need. */
export interface PaymentClaim {
  readonly kind: PaymentKind;
  /** The payer's bank, 4 digits. */
  readonly originBank: string;
  /** Digits as the payer typed them, 4 to 20. */
  readonly reference: string;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  /** The day of the payment, Caracas. */
  readonly paidOn: LocalDate;
  /** E.164, such as +584121234567; null when not given or erased. */
  readonly payerPhone: string | null;
  /** Letter and digits, such as V12345678; null when not given or erased. */
  readonly payerDocument: string | null;
  /** The merchant's full account number at its bank, 20 digits. */
  readonly receivingAccount: string;
}

/** How far below (`under`) or above (`over`) the claimed amount a credit may lie and still verify. */
export interface Tolerance {
  readonly underMinor: bigint;
  readonly overMinor: bigint;
}
