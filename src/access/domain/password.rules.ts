/** What speaks against a password; the list is closed. */
export type PasswordFault =
  'too_short' | 'too_long' | 'common' | 'holds_the_name' | 'too_uniform' | 'breached';

// Length is what makes a password strong (OWASP ASVS 5, 6.2); the upper bound is there for the hash's time.
export const SHORTEST_PASSWORD = 12;
export const LONGEST_PASSWORD = 128;
const FEWEST_DIFFERENT = 5;
const SHORTEST_NAME = 4;

// What people add to a word so that a form takes it.
const TRIMMINGS = /^[^\p{L}]+|[^\p{L}]+$/gu;

/**
 * Whether a password may be taken; null when nothing speaks against it. No mixture of kinds of characters is asked for:
 * such rules lead to Password1234!, which the list of common words under their trimmings catches.
 */
export function judgePassword(
  password: string,
  { email, name }: { readonly email: string; readonly name: string },
  isCommon: (lowerCase: string) => boolean,
): PasswordFault | null {
  const length = Array.from(password).length;
  if (length < SHORTEST_PASSWORD) return 'too_short';
  if (length > LONGEST_PASSWORD) return 'too_long';
  const lower = password.toLowerCase();
  if (new Set(lower).size < FEWEST_DIFFERENT) return 'too_uniform';
  if (isCommon(lower) || isCommon(lower.replace(TRIMMINGS, ''))) return 'common';
  const own = [email.split('@')[0] ?? '', ...name.split(/\s+/), 'constancia'].map((word) =>
    word.toLowerCase(),
  );
  const holdsName = own.some((word) => word.length >= SHORTEST_NAME && lower.includes(word));
  return holdsName ? 'holds_the_name' : null;
}
