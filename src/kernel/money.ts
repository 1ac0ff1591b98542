/** ISO 4217 alphabetic code. */
export type Currency = string & { readonly __brand: 'Currency' };

/** An amount in the currency's minor unit. */
export interface Money {
  readonly amountMinor: bigint;
  readonly currency: Currency;
}

/** Digits after the decimal point, for the currencies we take (ISO 4217). */
const MINOR_DIGITS: Readonly<Record<string, number>> = { VES: 2, USD: 2, EUR: 2, COP: 2, JPY: 0 };

/** Spellings of the bolívar met in the field; VED (926) names the same money as VES (928). */
const ALIASES: Readonly<Record<string, string>> = { VED: 'VES', BS: 'VES' };

/** Largest amount on the wire: JSON integers are exact up to 2^53-1. */
export const MAX_AMOUNT_MINOR = BigInt(Number.MAX_SAFE_INTEGER);

/** Reads a currency as people and banks spell it (`Bs `, `VED`); null when we do not take it. */
export function parseCurrency(text: string): Currency | null {
  const upper = text.trim().toUpperCase();
  const code = ALIASES[upper] ?? upper;
  return Object.hasOwn(MINOR_DIGITS, code) ? (code as Currency) : null;
}

/** How many decimals a currency has. */
export const minorDigits = (currency: Currency): number => MINOR_DIGITS[currency] ?? 2;

/** Reads a decimal text such as `1240.5` into minor units; null for any other shape or too many decimals. */
export function parseDecimalMinor(text: string, currency: Currency): bigint | null {
  const match = /^(\d{1,15})(?:\.(\d+))?$/.exec(text.trim());
  if (match === null) return null;
  const digits = minorDigits(currency);
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  if (fraction.length > digits) return null;
  return BigInt(`${match[1]}${fraction.padEnd(digits, '0')}`);
}

/** Writes minor units as a decimal text, `124050n` VES -> `1240.50`. */
export function formatMinor(amountMinor: bigint, currency: Currency): string {
  const digits = minorDigits(currency);
  const sign = amountMinor < 0n ? '-' : '';
  const text = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(digits + 1, '0');
  return digits === 0
    ? `${sign}${text}`
    : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
