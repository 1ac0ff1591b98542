import { Query } from '@nestjs/cqrs';
import type { AuditEntryRow } from './audit-entry.table.js';
import type { ListAuditQuery } from './list-audit.request.js';

export interface AuditPage {
  readonly entries: readonly AuditEntryRow[];
  readonly nextCursor: string | null;
}

/** Who did what, from where and when, newest first. */
export class ListAudit extends Query<AuditPage> {
  constructor(readonly page: ListAuditQuery) {
    super();
  }
}
