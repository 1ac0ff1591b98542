import { z } from 'zod';
import { MERCHANT_KEY_PERMISSIONS } from '../domain/permissions.js';
import { plainText } from '../../platform/http/plain-text.js';

export const merchantIdParam = z.guid('must be a UUID');
export const apiKeyIdParam = z.guid('must be a UUID');

// A person who needs longer has another reason than handing over.
const LONGEST_OVERLAP_SECONDS = 30 * 24 * 3600;

/** What a new key shall be. */
export const issueApiKeyBody = z
  .strictObject({
    name: plainText(200),
    mode: z.enum(['live', 'test']),
    permissions: z.array(z.enum(MERCHANT_KEY_PERMISSIONS)).min(1).max(20),
    expires_at: z.iso
      .datetime({ offset: true, error: 'must be an instant such as 2026-03-10T14:00:00Z' })
      .nullish(),
  })
  .meta({ id: 'IssueApiKey' });

export type IssueApiKeyBody = z.output<typeof issueApiKeyBody>;

/** How long the old key goes on; the body may be left out. */
export const rotateApiKeyBody = z
  .strictObject({
    overlap_seconds: z.int().min(0).max(LONGEST_OVERLAP_SECONDS).default(86_400),
  })
  .nullish()
  .meta({ title: 'RotateApiKey' });

export type RotateApiKeyBody = z.output<typeof rotateApiKeyBody>;
