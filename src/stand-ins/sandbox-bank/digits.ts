/** How many digits of a reference the bank compares, except for transfers within the bank. */
const TAIL_DIGITS = 6;

/** The last six raw digits; a tail may begin with zeros. */
export const tailOf = (reference: string): string =>
  reference.padStart(TAIL_DIGITS, '0').slice(-TAIL_DIGITS);

/** The reference as a program that takes it for a number would print it. */
export const withoutZeros = (reference: string): string => reference.replace(/^0+(?=\d)/, '');
