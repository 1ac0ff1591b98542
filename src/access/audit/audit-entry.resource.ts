import { z } from 'zod';
import type { AuditEntryRow } from './audit-entry.table.js';

export const auditEntryResource = z
  .object({
    id: z.guid(),
    at: z.iso.datetime(),
    act: z.string(),
    actor: z.string().describe('`user:<id>`, `api_key:<id>`, `process:<name>` or `anonymous`.'),
    subject: z.string(),
    merchant_id: z.guid().nullable(),
    address: z.string().nullable(),
    request_id: z.string(),
    result: z.enum(['done', 'refused']),
    reason: z.string().nullable(),
    particulars: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    stream: z.string(),
    revision: z.int(),
    hash: z.string().describe('SHA-256 of the event as it is stored.'),
    previous_hash: z.string().nullable().describe('That of the event before it in its stream.'),
  })
  .meta({ id: 'AuditEntry' });

export type AuditEntryResource = z.output<typeof auditEntryResource>;

export const auditPage = z
  .object({
    data: z.array(auditEntryResource),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'AuditPage' });

export const resourceOfEntry = (row: AuditEntryRow): AuditEntryResource => ({
  id: row.entry_id,
  at: row.at.toISOString(),
  act: row.act,
  actor: row.actor,
  subject: row.subject,
  merchant_id: row.merchant_id,
  address: row.address,
  request_id: row.request_id,
  result: row.result,
  reason: row.reason,
  particulars: row.particulars,
  stream: row.stream,
  revision: Number(row.revision),
  hash: row.hash,
  previous_hash: row.previous_hash,
});
