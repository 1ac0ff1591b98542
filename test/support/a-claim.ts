import type { LocalDate } from '../../src/kernel/local-date.js';
import type { Currency } from '../../src/kernel/money.js';
import type { Movement } from '../../src/matching/movement.js';
import type { PaymentClaim } from '../../src/matching/payment-claim.js';

/** A made-up receiving account at Banesco; nobody owns it. */
export const AN_ACCOUNT = '01340123456789012345';

/** A pago móvil of 120.00 as a payer would claim it. */
export const aClaim = (changes: Partial<PaymentClaim> = {}): PaymentClaim => ({
  kind: 'pago_movil',
  originBank: '0102',
  reference: '00683473078',
  amountMinor: 12_000n,
  currency: 'VES' as Currency,
  paidOn: '2026-07-10' as LocalDate,
  payerPhone: '+584121235031',
  payerDocument: null,
  receivingAccount: AN_ACCOUNT,
  ...changes,
});

/** The credit that proves `aClaim`, as Banesco reports it: a tail, no account, no time. */
export const aMovement = (changes: Partial<Movement> = {}): Movement => ({
  bank: '0134',
  account: null,
  direction: 'credit',
  amountMinor: 12_000n,
  currency: 'VES' as Currency,
  bankOn: '2026-07-10' as LocalDate,
  bankTime: null,
  reference: '473078',
  payerPhoneMask: null,
  concept: 'Banesco Pago Movil',
  ...changes,
});
