/** A Venezuelan account number: bank 4, branch 4, check digits 2, account 10. */
export interface AccountNumber {
  readonly digits: string;
  readonly bank: string;
  /** False when the check digits do not fit: a likely typing mistake, but no ground to refuse. */
  readonly checkDigitsFit: boolean;
}

const SHAPE = /^(\d{4})(\d{4})(\d{2})(\d{10})$/;

/** Weights 2 to 7 from the right, over and over; 11 less the remainder, where 10 stands for 0 and 11 for 1. */
function checkDigit(digits: string): number {
  const sum = Array.from(digits)
    .reverse()
    .reduce((total, digit, at) => total + Number.parseInt(digit, 10) * (2 + (at % 6)), 0);
  const rest = 11 - (sum % 11);
  return rest >= 10 ? rest - 10 : rest;
}

/**
 * Reads an account number, with or without the blanks and dashes that people write; null for anything but 20 digits.
 * The check digits only warn: no official text of the rule was found, it fits every published account we could check
 * (bank-verification notes, account numbers).
 */
export function parseAccountNumber(text: string): AccountNumber | null {
  const digits = text.replace(/[\s-]/g, '');
  const [, bank, branch, check, account] = SHAPE.exec(digits) ?? [];
  if (bank === undefined || branch === undefined || account === undefined) return null;
  const expected = `${checkDigit(bank + branch)}${checkDigit(branch + account)}`;
  return { digits, bank, checkDigitsFit: check === expected };
}
