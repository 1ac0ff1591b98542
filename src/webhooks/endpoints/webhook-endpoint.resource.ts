import { z } from 'zod';
import { holdsCardNumber } from '../../platform/http/card-number.js';
import { plainText } from '../../platform/http/plain-text.js';
import { SUBSCRIBABLE_TYPES } from '../webhook-message.js';
import type { ShownSecrets } from './endpoint-secrets.store.js';
import type { WebhookEndpointRow } from './webhook-endpoint.table.js';

const LONGEST_URL = 2_000;
// As long as an integrator may need to bring a new secret to every machine.
const LONGEST_OVERLAP_SECONDS = 7 * 24 * 3600;
const DEFAULT_OVERLAP_SECONDS = 24 * 3600;

const url = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(LONGEST_URL, `must have at most ${LONGEST_URL} characters`)
  .refine((text) => !holdsCardNumber(text), 'must not hold a card number')
  // The one the URL standard makes of it: what is shown is what is called.
  .transform((text) => (URL.canParse(text) ? new URL(text).href : text))
  .meta({ description: 'Called over https; redirects are not followed.' });
const eventTypes = z
  .array(z.enum(SUBSCRIBABLE_TYPES))
  .min(1, 'must name at least one type, or be null for all')
  .max(SUBSCRIBABLE_TYPES.length)
  .nullable()
  .meta({ description: 'The types it is told of; null for all, those too that are yet to come.' });
const mode = z.enum(['live', 'test']);

export const endpointIdParam = z.uuid('must be a UUID').transform((id) => id.toLowerCase());
export const merchantIdOf = z.guid('must be a UUID').transform((id) => id.toLowerCase());

/** An endpoint as somebody wants it. */
export const createEndpointBody = z
  .strictObject({
    url,
    description: plainText(200).nullish(),
    event_types: eventTypes.optional(),
    asymmetric: z
      .boolean()
      .default(false)
      .meta({ description: 'Whether messages are signed with an Ed25519 key too (v1a).' }),
    merchant_id: merchantIdOf
      .optional()
      .meta({ description: 'Whose; for the operator alone, a merchant makes its own.' }),
    mode: mode
      .optional()
      .meta({ description: 'For the operator alone; a key makes endpoints of its own mode.' }),
  })
  .meta({ id: 'CreateWebhookEndpoint' });

export type CreateEndpointBody = z.output<typeof createEndpointBody>;

/** What shall change; what is left out stays. */
export const changeEndpointBody = z
  .strictObject({
    url: url.optional(),
    description: plainText(200).nullable().optional(),
    event_types: eventTypes.optional(),
    enabled: z
      .boolean()
      .optional()
      .meta({ description: 'false pauses it; true lets what has waited go on.' }),
  })
  .meta({ id: 'ChangeWebhookEndpoint' });

export type ChangeEndpointBody = z.output<typeof changeEndpointBody>;

/** How long the secret before goes on to sign; the body may be left out. */
export const rotateSecretBody = z
  .strictObject({
    overlap_seconds: z.int().min(0).max(LONGEST_OVERLAP_SECONDS).default(DEFAULT_OVERLAP_SECONDS),
  })
  .nullish()
  .meta({ title: 'RotateWebhookSecret' });

export const overlapOf = (body: z.output<typeof rotateSecretBody>): number =>
  body?.overlap_seconds ?? DEFAULT_OVERLAP_SECONDS;

export const endpointResource = z
  .object({
    id: z.uuid(),
    merchant_id: z.guid(),
    mode,
    url: z.string(),
    description: z.string().nullable(),
    event_types: z.array(z.string()).nullable(),
    state: z.enum(['enabled', 'paused', 'disabled']).meta({
      description: 'paused by a person, disabled because of what it answered.',
    }),
    disabled_because: z.enum(['gone', 'failing']).nullable(),
    failing_since: z.iso.datetime().nullable().meta({
      description: 'The first failure after the last success; null when the last call was one.',
    }),
    public_keys: z.array(z.string()).meta({
      description: 'Keys (whpk_) that check the v1a signatures; two while one is exchanged.',
    }),
    previous_secret_until: z.iso.datetime().nullable().meta({
      description: 'Until then the secret before this one signs too.',
    }),
    version: z.int().meta({ description: 'The ETag; If-Match names it when it is changed.' }),
    created_by: z.string(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'WebhookEndpoint' });

export type EndpointResource = z.output<typeof endpointResource>;

export const createdEndpointResource = endpointResource
  .extend({
    secret: z.string().nullable().meta({
      description: 'whsec_…, shown this once; null in the answer to a repeat.',
    }),
  })
  .meta({ id: 'CreatedWebhookEndpoint' });

export type CreatedEndpointResource = z.output<typeof createdEndpointResource>;

export const endpointPage = z
  .object({
    data: z.array(endpointResource),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'WebhookEndpointPage' });

export const resourceOfEndpoint = (
  row: WebhookEndpointRow,
  secrets: ShownSecrets | undefined,
): EndpointResource => ({
  id: row.endpoint_id,
  merchant_id: row.merchant_id,
  mode: row.mode,
  url: row.url,
  description: row.description,
  event_types: row.event_types === null ? null : [...row.event_types],
  state: row.state,
  disabled_because: row.disabled_because,
  failing_since: row.failing_since?.toISOString() ?? null,
  public_keys: [...(secrets?.publicKeys ?? [])],
  previous_secret_until: secrets?.previousUntil?.toISOString() ?? null,
  version: row.version,
  created_by: row.created_by,
  created_at: row.created_at.toISOString(),
});
