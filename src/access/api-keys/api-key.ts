import { hash, timingSafeEqual } from 'node:crypto';
import type { RandomSource } from '../../kernel/ids.js';

export type ApiKeyMode = 'live' | 'test';

/** A key as it is made: the text is shown once and kept nowhere. */
export interface MintedApiKey {
  readonly text: string;
  readonly prefix: string;
  readonly hash: Buffer;
  readonly lastFour: string;
}

// 40 bits tell keys apart; 160 bits cannot be guessed, so a plain fast hash protects them (no password is made by chance).
const PREFIX_BYTES = 5;
const SECRET_BYTES = 20;
const SHAPE = /^ck_(live|test)_([a-z2-7]{8})_[a-z2-7]{32}$/;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

// RFC 4648 base32 in lower case; both lengths are multiples of five bytes, so there is never a remainder.
const base32 = (bytes: Buffer): string =>
  (bytes.toString('hex').match(/.{5}/g) ?? [])
    .map((twentyBits) => Number.parseInt(twentyBits, 16))
    .flatMap((bits) => [bits >> 15, bits >> 10, bits >> 5, bits].map((five) => five & 31))
    .map((five) => ALPHABET.charAt(five))
    .join('');

/** SHA-256 of the whole text, so that a test key can never pass for a live one. */
export const hashApiKey = (text: string): Buffer => hash('sha256', text, 'buffer');

/** Makes a fresh key. */
export function mintApiKey(mode: ApiKeyMode, random: RandomSource): MintedApiKey {
  const prefix = base32(random.bytes(PREFIX_BYTES));
  const text = `ck_${mode}_${prefix}_${base32(random.bytes(SECRET_BYTES))}`;
  return { text, prefix, hash: hashApiKey(text), lastFour: text.slice(-4) };
}

/** Reads what a caller presents; null when it cannot be one of our keys, which saves asking for it. */
export function parseApiKey(text: string): { mode: ApiKeyMode; prefix: string } | null {
  const [, mode, prefix] = SHAPE.exec(text) ?? [];
  return prefix === undefined ? null : { mode: mode === 'live' ? 'live' : 'test', prefix };
}

/** Whether a text is the key behind a hash, in a time that does not tell how much of it fits. */
export const matchesHash = (text: string, expected: Buffer): boolean => {
  const actual = hashApiKey(text);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
};
