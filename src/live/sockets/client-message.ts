import { z } from 'zod';
import { TRANSACTION_MESSAGE_TYPES } from '../../transactions/public-message/transaction.message.js';
import type { LiveFilter } from '../live-message.js';

const clientMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ping'), data: z.object({}).optional() }),
  z.strictObject({
    type: z.literal('filter'),
    data: z.strictObject({
      types: z.array(z.enum(TRANSACTION_MESSAGE_TYPES)).max(50).default([]),
      transaction_id: z.guid().nullable().default(null),
      exclude_own: z.boolean().default(false),
    }),
  }),
]);

/** What a client says on its socket. */
export type ClientMessage =
  { readonly type: 'ping' } | { readonly type: 'filter'; readonly filter: LiveFilter };

/** Reads what came in; null for anything else than a message that there is. */
export function readClientMessage(text: string): ClientMessage | null {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = clientMessage.safeParse(said);
  if (!parsed.success) return null;
  if (parsed.data.type === 'ping') return { type: 'ping' };
  const { types, transaction_id: transactionId, exclude_own: excludeOwn } = parsed.data.data;
  return {
    type: 'filter',
    filter: {
      types: new Set(types),
      transactionId: transactionId?.toLowerCase() ?? null,
      excludeOwn,
    },
  };
}
