import { z } from 'zod';
import { readPositionToken } from '../platform/http/position-token.js';
import { textAs } from '../platform/http/text-as.js';
import { TRANSACTION_MESSAGE_TYPES } from '../transactions/public-message/transaction.message.js';
import { EVERYTHING, type LiveFilter } from './live-message.js';

const TYPES: ReadonlySet<string> = new Set(TRANSACTION_MESSAGE_TYPES);

/** The place in the log that an id names; null for one that is none of ours. */
export function placeOf(id: string): bigint | null {
  const written = readPositionToken(id);
  return written !== null && 'position' in written ? written.position : null;
}

const types = z
  .string()
  .max(400, 'must have at most 400 characters')
  .transform((text): ReadonlySet<string> => new Set(text.split(',').map((word) => word.trim())))
  .refine(
    (named) => [...named].every((word) => TYPES.has(word)),
    'must be types such as transaction.verified, divided by commas',
  );

/** What a live connection is opened with. */
export const liveQuery = z.strictObject({
  types: types.optional().meta({
    description: 'Only messages of these types, divided by commas; all when left out.',
  }),
  transaction_id: z.guid('must be a UUID').optional(),
  exclude_own: z
    .enum(['true', 'false'])
    .optional()
    .meta({ description: 'true: leaves out what the caller itself caused.' }),
  last_event_id: textAs(placeOf, 'must be the id of a message')
    .optional()
    .meta({ description: 'For clients that cannot send Last-Event-ID; the header goes first.' }),
});

export type LiveQuery = z.output<typeof liveQuery>;

export const filterOf = (query: LiveQuery): LiveFilter => ({
  types: query.types ?? EVERYTHING.types,
  transactionId: query.transaction_id?.toLowerCase() ?? null,
  excludeOwn: query.exclude_own === 'true',
});
