// Digits as people write a card number: in one run, or in groups with blanks, dashes, dots or the like between them.
const DIGIT_RUN = /\d(?:[\s\p{Pd}.·_/,;:|]{0,3}\d){12,}/gu;
const GROUPS = /\d+/g;
// ISO/IEC 7812: cards of banks begin with 2 to 6; 0, 1 and 7 belong to airlines, fuel and others, and to our clocks.
const FIRST_DIGIT = /^[2-689]/;
// First digits and lengths as the schemes publish them: Visa, Mastercard, American Express, Discover, Diners, JCB, Maestro.
const SCHEMES: readonly RegExp[] = [
  /^4(\d{12}|\d{15}|\d{18})$/,
  /^(5[1-5]\d{14}|2(22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12})$/,
  /^3[47]\d{13}$/,
  /^6(011|4[4-9]\d|5\d\d)\d{12,15}$/,
  /^3(0[0-5]|[689]\d)\d{11}$/,
  /^35(2[89]|[3-8]\d)\d{12}$/,
  /^(50|5[6-9]|6\d)\d{11,17}$/,
];
const LONGEST = 19;

/** The check of Luhn: every second digit from the right counts double, and the sum ends in zero. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits.charAt(digits.length - 1 - place));
    const value = place % 2 === 0 ? digit : digit * 2;
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

/** True for digits that a scheme of cards could have given: what a reference must not be. */
export const isCardOfScheme = (digits: string): boolean =>
  SCHEMES.some((scheme) => scheme.test(digits)) && passesLuhn(digits);

/**
 * Whole runs are judged by the check of Luhn alone. Within a run of several groups, such as a card and its expiry, each
 * span of groups counts that a scheme could have given: one in ten of any digits passes Luhn by chance.
 */
function holdsCard(run: string): boolean {
  const digits = run.replace(/\D/g, '');
  if (digits.length <= LONGEST && FIRST_DIGIT.test(digits) && passesLuhn(digits)) return true;
  const groups = run.match(GROUPS) ?? [];
  return groups.some((_, from) => {
    let span = '';
    for (const group of groups.slice(from)) {
      span += group;
      if (span.length > LONGEST) return false;
      if (isCardOfScheme(span)) return true;
    }
    return false;
  });
}

// Many orders are named by one; among its digits one in a few hundred would pass for a card.
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** True when a text seems to hold a card number; such texts are refused, since the log keeps what it is given. */
export const holdsCardNumber = (text: string): boolean =>
  // Digits of other widths and scripts that look alike are the same number.
  [...text.normalize('NFKC').replace(UUID, ' id ').matchAll(DIGIT_RUN)].some(([run]) =>
    holdsCard(run),
  );
