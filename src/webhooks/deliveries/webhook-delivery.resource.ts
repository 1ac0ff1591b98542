import { z } from 'zod';
import { transactionMessage } from '../../transactions/public-message/transaction.message.js';
import {
  endpointDisabledMessage,
  endpointTestMessage,
  WEBHOOK_MESSAGE_TYPES,
} from '../webhook-message.js';
import {
  DELIVERY_STATUSES,
  type WebhookAttemptRow,
  type WebhookDeliveryRow,
} from './webhook-delivery.table.js';

const instant = z.iso
  .datetime({ offset: true, error: 'must be an instant such as 2026-03-10T14:00:00Z' })
  .transform((text) => new Date(text));
const uuid = z.uuid('must be a UUID').transform((id) => id.toLowerCase());

export const deliveryIdParam = uuid;

const LARGEST_PAGE = 100;

/** What the list may be narrowed by; everything named must hold. */
export const listDeliveriesQuery = z.strictObject({
  merchant_id: z.guid('must be a UUID').optional(),
  endpoint_id: uuid.optional(),
  transaction_id: uuid.optional(),
  status: z.enum(DELIVERY_STATUSES).optional(),
  type: z.enum(WEBHOOK_MESSAGE_TYPES).optional(),
  created_at_from: instant.optional(),
  created_at_to: instant.optional().meta({ description: 'Exclusive.' }),
  limit: z
    .string()
    .regex(/^\d{1,3}$/, `must be 1 to ${LARGEST_PAGE}`)
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= LARGEST_PAGE, `must be 1 to ${LARGEST_PAGE}`)
    .default(50),
  cursor: z.string().min(1).max(500).optional(),
});

export type ListDeliveriesQuery = z.output<typeof listDeliveriesQuery>;

/** Which of an endpoint's deliveries are to be sent again. */
export const replayRangeBody = z
  .strictObject({
    endpoint_id: uuid,
    since: instant.meta({ description: 'When the deliveries were written; the oldest go first.' }),
    until: instant.nullish().meta({ description: 'Exclusive; left out, up to now.' }),
    after: uuid.nullish().meta({ description: 'next_after of the call before.' }),
  })
  .meta({ id: 'ReplayWebhookDeliveries' });

export type ReplayRangeBody = z.output<typeof replayRangeBody>;

export const replayedResource = z
  .object({
    replayed: z.int().meta({ description: 'How many are due again; at most 1000.' }),
    next_after: z.uuid().nullable().meta({
      description: 'When there may be more: send it as after. Null at the end.',
    }),
  })
  .meta({ id: 'ReplayedWebhookDeliveries' });

const attempt = z.object({
  number: z.int().meta({ description: 'A number that is missing was cut short before its end.' }),
  began_at: z.iso.datetime(),
  duration_ms: z.int(),
  outcome: z.enum([
    'delivered',
    'gone',
    'throttled',
    'refused',
    'timeout',
    'unreachable',
    'forbidden_address',
  ]),
  status: z.int().nullable().meta({ description: 'What the endpoint answered, if anything.' }),
  error: z.string().nullable().meta({ description: 'A code of the system, such as ECONNREFUSED.' }),
});

export const deliveryResource = z
  .object({
    id: z.uuid(),
    endpoint_id: z.uuid(),
    merchant_id: z.guid(),
    mode: z.enum(['live', 'test']),
    message_id: z.string().meta({ description: 'The header webhook-id.' }),
    type: z.string(),
    transaction_id: z.uuid().nullable(),
    sequence: z.int().nullable(),
    status: z.enum(DELIVERY_STATUSES),
    attempts: z.int(),
    due_at: z.iso.datetime().nullable().meta({ description: 'When it is tried next.' }),
    created_at: z.iso.datetime(),
    ended_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'WebhookDelivery' });

export type DeliveryResource = z.output<typeof deliveryResource>;

export const deliveryDetail = deliveryResource
  .extend({
    message: z
      .union([transactionMessage, endpointTestMessage, endpointDisabledMessage])
      .meta({ description: 'As it is sent.' }),
    tries: z.array(attempt).meta({ description: 'The latest hundred, newest first.' }),
  })
  .meta({ id: 'WebhookDeliveryDetail' });

export type DeliveryDetail = z.output<typeof deliveryDetail>;

export const deliveryPage = z
  .object({
    data: z.array(deliveryResource),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'WebhookDeliveryPage' });

export const resourceOfDelivery = (row: WebhookDeliveryRow): DeliveryResource => ({
  id: row.delivery_id,
  endpoint_id: row.endpoint_id,
  merchant_id: row.merchant_id,
  mode: row.mode,
  message_id: row.message_id,
  type: row.type,
  transaction_id: row.transaction_id,
  sequence: row.sequence,
  status: row.status,
  attempts: row.attempts,
  due_at: row.status === 'pending' ? row.due_at.toISOString() : null,
  created_at: row.created_at.toISOString(),
  ended_at: row.ended_at?.toISOString() ?? null,
});

export const detailOfDelivery = (
  row: WebhookDeliveryRow,
  { body, attempts }: { readonly body: string; readonly attempts: readonly WebhookAttemptRow[] },
): DeliveryDetail => ({
  ...resourceOfDelivery(row),
  // Ours, as it was written.
  message: JSON.parse(body) as DeliveryDetail['message'],
  tries: attempts.map((row) => ({
    number: row.number,
    began_at: row.began_at.toISOString(),
    duration_ms: row.duration_ms,
    outcome: row.outcome,
    status: row.status,
    error: row.error,
  })),
});
