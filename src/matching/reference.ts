/**
 * How two spellings of a reference relate. `same` is said only of whole references: equal digits, more of them than
 * the bank's tail has. `compatible` means that one may be a tail of the other, so they may be one reference.
 */
export type ReferenceRelation = 'same' | 'compatible' | 'unrelated';

const DIGITS = /^\d+$/;

const withoutLeadingZeros = (digits: string): string => digits.replace(/^0+/, '');

/**
 * The reference a bank reports, with the zeros it may have stripped: a bank is sure to report `digits` of them, so
 * fewer means that the first ones were zeros (`12345` is the tail `012345`, never `912345`).
 */
export const asReported = (reference: string, digits: number): string =>
  reference.padStart(digits, '0');

/**
 * Compares two spellings on raw digits, since a tail may begin with zero. Whole references are compared without their
 * leading zeros too, since banks and payers drop those. A reference as a payer typed it may itself be only a tail.
 */
export function relateReferences(
  one: string,
  other: string,
  tailDigits: number,
): ReferenceRelation {
  if (!DIGITS.test(one) || !DIGITS.test(other)) return 'unrelated';
  const bareOne = withoutLeadingZeros(one);
  const whole =
    (one === other && one.length > tailDigits) ||
    (bareOne === withoutLeadingZeros(other) && bareOne.length > tailDigits);
  if (whole) return 'same';
  return one.endsWith(other) || other.endsWith(one) ? 'compatible' : 'unrelated';
}
