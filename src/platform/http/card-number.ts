// Digits as people write a card number: in one run, or in groups divided by single blanks or dashes.
const DIGIT_RUN = /\d(?:[ -]?\d){12,}/g;
// ISO/IEC 7812: cards of banks begin with 2 to 6; 0, 1 and 7 belong to airlines, fuel and others, and to our clocks.
const FIRST_DIGIT = /^[2-689]/;

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

const isCardNumber = (digits: string): boolean =>
  digits.length <= 19 && FIRST_DIGIT.test(digits) && passesLuhn(digits);

/** True when a text seems to hold a card number; such texts are refused, since the log keeps what it is given. */
export const holdsCardNumber = (text: string): boolean =>
  [...text.matchAll(DIGIT_RUN)].some(([run]) => isCardNumber(run.replace(/[ -]/g, '')));
