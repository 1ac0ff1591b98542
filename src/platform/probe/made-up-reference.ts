import type { RandomSource } from '../../kernel/ids.js';

const DIGITS = 12;

/** Twelve digits that no other claim is likely to have, the first of them no zero. */
export const madeUpReference = (random: RandomSource): string =>
  `9${[...random.bytes(DIGITS - 1)].map((byte) => byte % 10).join('')}`;
