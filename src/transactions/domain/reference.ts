/** Digits as people type them from a receipt: 4 to 20 (bank-verification.md, 3.4). */
const TYPED = /^\d{4,20}$/;

/** True for a reference that can be written in a claim; whether a bank can use it is another question. */
export const isReference = (text: string): boolean => TYPED.test(text);

/**
 * One spelling for references that people write with and without leading zeros. It names the claim only:
 * matching compares raw digits, since a bank's tail may begin with zero.
 */
export const canonicalReference = (typed: string): string => {
  const bare = typed.replace(/^0+/, '');
  return bare === '' ? '0' : bare;
};

/** A bank that matches on the last digits cannot be asked with fewer than it needs (product.md, section 2). */
export const isUsableReference = (typed: string, leastDigits: number): boolean =>
  typed.length >= leastDigits;
