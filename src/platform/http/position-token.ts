import type { Written } from '../projections/read-model-progress.js';

/** Carries how far a write got: out of every answer that wrote, into any list that must show it. */
export const POSITION_TOKEN_HEADER = 'position-token';

// Base 36, so that nobody takes it for a number to count with.
const TOKEN = /^([pq])([0-9a-z]{1,13})$/;
const RADIX = 36n;
const LARGEST = 2n ** 63n - 1n;

/** A write as callers see it. */
export const writePositionToken = (written: Written): string =>
  'position' in written
    ? `p${written.position.toString(Number(RADIX))}`
    : `q${written.queued.toString(Number(RADIX))}`;

/** Reads a token; null for anything that is none of ours. */
export function readPositionToken(text: string): Written | null {
  const [, kind, digits] = TOKEN.exec(text.trim()) ?? [];
  if (digits === undefined) return null;
  const value = Array.from(digits).reduce(
    (sum, digit) => sum * RADIX + BigInt(Number.parseInt(digit, Number(RADIX))),
    0n,
  );
  if (value > LARGEST) return null;
  return kind === 'p' ? { position: value } : { queued: value };
}
