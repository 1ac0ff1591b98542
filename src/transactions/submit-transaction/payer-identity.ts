// Mobile prefixes begin with 41 and 42 (0412, 0414, 0416, 0422, 0424, 0426); lists of them go stale, so none is kept.
const MOBILE = /^(?:\+?58|0058|0)?(4[12]\d{8})$/;
// V and E are persons, J, G and C bodies, P passports, F a bank's own samples; cédulas and RIFs alike.
const DOCUMENT = /^([VEJPGCF])(\d{4,10})$/;
const SEPARATORS = /[ .()-]/g;

/** Reads a Venezuelan mobile number in any usual spelling as E.164; null for anything else. */
export const parsePhone = (text: string): string | null => {
  const match = MOBILE.exec(text.replace(SEPARATORS, ''));
  return match === null ? null : `+58${match[1]}`;
};

/** Reads a cédula or RIF such as `v-12.345.678` as letter and digits; null for anything else. */
export const parseDocument = (text: string): string | null =>
  DOCUMENT.exec(text.replace(SEPARATORS, '').toUpperCase())?.[0] ?? null;

const MASK = '*******';

/** What may be seen of a phone or a document: the last two digits. */
export const maskDigits = (value: string | null): string | null =>
  value === null ? null : `${MASK}${value.slice(-2)}`;

// A name may itself begin with a digit, and of those at most two are shown anywhere.
const FIRST_LETTER = /^\D/u;

/** What may be seen of a name: its first letter. */
export const maskName = (name: string | null): string | null =>
  name === null ? null : `${FIRST_LETTER.exec(name)?.[0] ?? ''}${MASK}`;
