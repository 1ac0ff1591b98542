/** Carries a token of the log's position: out of every answer that wrote, into any list that must show it. */
export const POSITION_TOKEN_HEADER = 'position-token';

// Base 36, so that nobody takes it for a number to count with.
const TOKEN = /^p([0-9a-z]{1,13})$/;
const RADIX = 36n;
const LARGEST = 2n ** 63n - 1n;

/** A position of the log as callers see it. */
export const writePositionToken = (position: bigint): string =>
  `p${position.toString(Number(RADIX))}`;

/** Reads a token; null for anything that is none of ours. */
export function readPositionToken(text: string): bigint | null {
  const digits = TOKEN.exec(text.trim())?.[1];
  if (digits === undefined) return null;
  const position = Array.from(digits).reduce(
    (sum, digit) => sum * RADIX + BigInt(Number.parseInt(digit, Number(RADIX))),
    0n,
  );
  return position > LARGEST ? null : position;
}
