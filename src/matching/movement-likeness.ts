import type { Movement } from './movement.js';
import { asReported, relateReferences } from './reference.js';

/** True when both accounts are known and cannot be one: neither ends with the other, stripped zeros aside. */
export function accountsConflict(one: string | null, other: string | null): boolean {
  if (one === null || other === null || one === '' || other === '') return false;
  const [a, b] = [one.replace(/^0+/, ''), other.replace(/^0+/, '')];
  return !a.endsWith(b) && !b.endsWith(a);
}

/**
 * True when two rows of one slot may be one and the same movement (product.md, wall 2): equal amount, references of
 * which one may be a tail of the other, no account against it. Times and phones do not tell them apart, since a bank
 * reports them in one answer and leaves them out of the next.
 */
export const couldBeSameMovement = (
  one: Movement,
  other: Movement,
  referenceDigits: number,
): boolean =>
  one.bank === other.bank &&
  one.direction === other.direction &&
  one.currency === other.currency &&
  one.amountMinor === other.amountMinor &&
  one.bankOn === other.bankOn &&
  !accountsConflict(one.account, other.account) &&
  relateReferences(
    asReported(one.reference, referenceDigits),
    asReported(other.reference, referenceDigits),
    referenceDigits,
  ) !== 'unrelated';
