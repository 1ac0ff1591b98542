import { z } from 'zod';

/** The id of a transaction in a path. */
export const transactionIdParam = z.uuid('must be a UUID').transform((id) => id.toLowerCase());
