import { z } from 'zod';
import type { SessionRow } from '../sessions/session.table.js';
import type { Tokens } from '../sessions/sessions.js';

export const tokensResource = z
  .object({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int().describe('Seconds that the access token is valid.'),
    refresh_token: z.string().describe('Good for one renewal, which gives the next one.'),
  })
  .meta({ id: 'Tokens' });

export type TokensResource = z.output<typeof tokensResource>;

export const resourceOfTokens = (tokens: Tokens): TokensResource => ({
  access_token: tokens.accessToken,
  token_type: 'Bearer',
  expires_in: tokens.accessSeconds,
  refresh_token: tokens.refreshToken,
});

export const sessionResource = z
  .object({
    id: z.guid(),
    current: z.boolean(),
    address: z.string().nullable(),
    user_agent: z.string().nullable(),
    started_at: z.iso.datetime(),
    last_used_at: z.iso.datetime(),
    ends_at: z.iso.datetime(),
  })
  .meta({ id: 'Session' });

export type SessionResource = z.output<typeof sessionResource>;

export const sessionList = z.object({ data: z.array(sessionResource) }).meta({ id: 'SessionList' });

export const resourceOfSession = (row: SessionRow, currentId: string): SessionResource => ({
  id: row.session_id,
  current: row.session_id === currentId,
  address: row.address,
  user_agent: row.user_agent,
  started_at: row.started_at.toISOString(),
  last_used_at: row.last_used_at.toISOString(),
  ends_at: row.ends_at.toISOString(),
});

export const recoveryCodes = z
  .object({
    recovery_codes: z
      .array(z.string())
      .nullable()
      .describe('Null in the answer to a repeat: they are kept as hashes. Make others.'),
    not_shown_because: z
      .enum(['shown_before'])
      .nullable()
      .describe('Why there are none to see; null where there are.'),
  })
  .meta({ id: 'RecoveryCodes' });

export const totpSecret = z
  .object({
    secret: z.string(),
    address: z.string().meta({
      description: 'For the picture an app reads.',
      examples: [
        'otpauth://totp/Constancia:somebody%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Constancia',
      ],
    }),
  })
  .meta({ id: 'TotpSecret' });
