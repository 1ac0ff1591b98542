import { z } from 'zod';
import { statusOfKey, type ApiKeyLife } from '../domain/api-key.decisions.js';
import { PERMISSIONS } from '../domain/permissions.js';
import type { ApiKeyRow } from './api-key.table.js';

const instant = z.iso.datetime();

/** A key as it is shown; what it opens with is not among it. */
export const apiKeyResource = z
  .object({
    id: z.guid(),
    merchant_id: z.guid().nullable(),
    name: z.string(),
    mode: z.enum(['live', 'test']),
    prefix: z.string().describe('The key begins with ck_<mode>_<prefix>_.'),
    last_four: z.string(),
    permissions: z.array(z.enum(PERMISSIONS)),
    status: z.enum(['active', 'expired', 'revoked']),
    issued_by: z.string(),
    issued_at: instant,
    expires_at: instant.nullable(),
    last_used_at: instant.nullable().describe('Follows the uses within seconds.'),
    revoked_at: instant.nullable(),
    replaced_by: z.guid().nullable().describe('The key that took its place.'),
  })
  .meta({ id: 'ApiKey' });

export type ApiKeyResource = z.output<typeof apiKeyResource>;

export const apiKeyList = z.object({ data: z.array(apiKeyResource) }).meta({ id: 'ApiKeyList' });

/** A key as it is handed over. */
export const issuedApiKeyResource = apiKeyResource
  .extend({
    key: z
      .string()
      .nullable()
      .describe('Shown this once and kept nowhere; null when the request is a repeat.'),
  })
  .meta({ id: 'IssuedApiKey' });

export type IssuedApiKeyResource = z.output<typeof issuedApiKeyResource>;

export const lifeOf = (row: ApiKeyRow): ApiKeyLife => ({
  issuedAt: row.issued_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  replacedBy: row.replaced_by,
});

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

export const resourceOfKey = (row: ApiKeyRow, now: Date): ApiKeyResource => ({
  id: row.api_key_id,
  merchant_id: row.merchant_id,
  name: row.name,
  mode: row.mode,
  prefix: row.prefix,
  last_four: row.last_four,
  permissions: row.permissions as ApiKeyResource['permissions'],
  status: statusOfKey(lifeOf(row), now),
  issued_by: row.issued_by,
  issued_at: row.issued_at.toISOString(),
  expires_at: iso(row.expires_at),
  last_used_at: iso(row.last_used_at),
  revoked_at: iso(row.revoked_at),
  replaced_by: row.replaced_by,
});
