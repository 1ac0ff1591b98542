import type { Movement } from './movement.js';
import { movementKey, twoDigitMask } from './movement.js';
import type { Currency } from '../kernel/money.js';
import type { LocalDate } from '../kernel/local-date.js';

/** A movement as events hold it: JSON, amounts as integers of minor units, named by its key. */
export interface ObservedMovement {
  readonly movementKey: string;
  readonly bank: string;
  readonly account: string | null;
  readonly direction: 'credit' | 'debit';
  readonly amountMinor: number;
  readonly currency: string;
  readonly bankOn: string;
  readonly bankTime: string | null;
  readonly reference: string;
  readonly payerPhoneMask: string | null;
}

/** The form for an event; the bank's free text is left out, since it may hold personal data. */
export const toObserved = ({ concept: _, ...row }: Movement): ObservedMovement => ({
  ...row,
  movementKey: movementKey({ ...row, concept: '' }),
  payerPhoneMask: twoDigitMask(row.payerPhoneMask),
  amountMinor: Number(row.amountMinor),
});

/** Back to the form that rules work on. */
export const fromObserved = ({ movementKey: _, ...row }: ObservedMovement): Movement => ({
  ...row,
  amountMinor: BigInt(row.amountMinor),
  currency: row.currency as Currency,
  bankOn: row.bankOn as LocalDate,
  concept: '',
});
