// What webhooks tell beside what happens to transactions: about the endpoints themselves.
import { z } from 'zod';
import {
  TRANSACTION_MESSAGE_TYPES,
  type TransactionMessage,
} from '../transactions/public-message/transaction.message.js';

/** What an endpoint may ask to be told of. */
export const SUBSCRIBABLE_TYPES = [
  ...TRANSACTION_MESSAGE_TYPES,
  'webhook_endpoint.disabled',
] as const;

/** Every type of message; a test comes to whoever asked for it. */
export const WEBHOOK_MESSAGE_TYPES = [...SUBSCRIBABLE_TYPES, 'webhook_endpoint.test'] as const;

const envelope = {
  id: z.string().meta({ description: 'The same in every repetition; the header webhook-id.' }),
  timestamp: z.string().meta({ description: 'RFC 3339, UTC, with milliseconds.' }),
};

export const endpointTestMessage = z
  .object({
    ...envelope,
    type: z.literal('webhook_endpoint.test'),
    data: z.object({ endpoint_id: z.uuid() }),
  })
  .meta({ id: 'EndpointTestMessage' });

export const endpointDisabledMessage = z
  .object({
    ...envelope,
    type: z.literal('webhook_endpoint.disabled'),
    data: z.object({
      endpoint_id: z.uuid(),
      reason: z.enum(['gone', 'failing']).meta({
        description: 'It answered 410, or nothing but failures for days.',
      }),
    }),
  })
  .meta({ id: 'EndpointDisabledMessage' });

export type EndpointMessage =
  z.output<typeof endpointTestMessage> | z.output<typeof endpointDisabledMessage>;

export type WebhookMessage = TransactionMessage | EndpointMessage;

/** Who of those that listen wants a message of this type. */
export const wants = (
  { event_types: types }: { readonly event_types: readonly string[] | null },
  type: string,
): boolean => types === null || types.includes(type);

const SUMMARIES: Readonly<Record<(typeof WEBHOOK_MESSAGE_TYPES)[number], string>> = {
  'transaction.submitted': 'A claim was submitted',
  'transaction.verified': 'The money is there',
  'transaction.needs_review': 'A person must decide',
  'transaction.rejected': 'A claim was refused',
  'transaction.expired': 'The bank showed nothing in time',
  'transaction.cancelled': 'A claim was withdrawn',
  'transaction.reversed': 'The bank took the money back',
  'transaction.corrected': 'A claim was amended, and is asked about anew',
  'transaction.returned_to_pending': 'A claim is asked about again',
  'webhook_endpoint.disabled': 'Another endpoint of the merchant was disabled',
  'webhook_endpoint.test': 'Somebody asked for a test',
};

const componentOf = (type: string): string => {
  if (type === 'webhook_endpoint.test') return 'EndpointTestMessage';
  return type === 'webhook_endpoint.disabled' ? 'EndpointDisabledMessage' : 'TransactionMessage';
};

/** Every message, for the document of the API. */
export const DESCRIBED_WEBHOOKS = WEBHOOK_MESSAGE_TYPES.map((name) => ({
  name,
  summary: SUMMARIES[name],
  component: componentOf(name),
}));
