import { z } from 'zod';
import { plainText } from '../../platform/http/plain-text.js';

const instant = z.iso
  .datetime({ offset: true, error: 'must be an instant such as 2026-03-10T14:00:00Z' })
  .transform((text) => new Date(text));

const LARGEST_PAGE = 100;

/** What the audit may be narrowed by; everything named must hold. */
export const listAuditQuery = z.strictObject({
  actor: plainText(100).optional(),
  subject: plainText(100).optional(),
  act: plainText(50).optional(),
  result: z.enum(['done', 'refused']).optional(),
  from: instant.optional(),
  to: instant.optional().meta({ description: 'Exclusive.' }),
  limit: z
    .string()
    .regex(/^\d{1,3}$/, `must be 1 to ${LARGEST_PAGE}`)
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= LARGEST_PAGE, `must be 1 to ${LARGEST_PAGE}`)
    .default(50),
  cursor: z.string().min(1).max(500).optional(),
});

export type ListAuditQuery = z.output<typeof listAuditQuery>;
