import { z } from 'zod';
import { holdsCardNumber } from './card-number.js';

/** An address as it is kept: one person, one spelling. */
export const emailAddress = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, 'must have at most 254 characters')
  .pipe(z.email('must be an e-mail address'))
  .refine((address) => !holdsCardNumber(address), 'must not hold a card number');
