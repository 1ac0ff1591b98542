// What makes a secret no secret. Nothing here prints or keeps what it looks at.

const SHORTEST_PASSWORD = 16;
const FEWEST_CHARACTERS = 8;
// Of 32 random bytes about thirty differ; fewer than half never happens by chance.
const FEWEST_BYTES_OF_KEY = 16;

// Words of passwords that documents, samples and installers print. Each is long enough never to come up by chance.
const TELLING =
  /change-?me|change-?it|passwor[dt]|secret|develop|example|default|made-?up|sandbox|letmein|qwerty|12345|administrator|constancia|placeholder|nothing|nobody/i;

const isPrintable = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;

/** Why a password or a text key is weak, as the rest of a sentence that begins with it; null when it is not. */
export function weaknessOfPassword(password: string): string | null {
  if (password.length < SHORTEST_PASSWORD) {
    return `is shorter than ${SHORTEST_PASSWORD} characters`;
  }
  if (new Set(password).size < FEWEST_CHARACTERS) return 'repeats the same few characters';
  return tellingWord(password);
}

/** What somebody else chose may be short, but never a word from a document. */
export const tellingWord = (value: string): string | null =>
  TELLING.test(value) ? 'holds a word that documents and installers print' : null;

/** Why the bytes of a key are weak; null when nothing speaks against chance. */
export function weaknessOfKey(key: Uint8Array): string | null {
  if (new Set(key).size < Math.min(FEWEST_BYTES_OF_KEY, key.length / 2)) {
    return 'repeats the same few bytes';
  }
  return key.every(isPrintable) ? 'is readable text, not random bytes' : null;
}
