import { z } from 'zod';
import { holdsCardNumber } from './card-number.js';

// Control characters break logs and reports, and Postgres takes no NUL; half a surrogate pair is no character.
const isPlain = (text: string): boolean => !/[\p{Cc}\p{Cs}]/u.test(text);

/** Free text from outside, trimmed and bounded, in which no card number may hide. */
export const plainText = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(max, `must have at most ${max} characters`)
    .refine(isPlain, 'must hold no control characters')
    .refine((value) => !holdsCardNumber(value), 'must not hold a card number');
