import { Query } from '@nestjs/cqrs';
import type { ActContext } from '../../access/acts/security-acts.port.js';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import type { ExportFormat } from './export-body.js';
import type { ExportTransactionsQuery } from './export-transactions.request.js';

/** A file on its way out. */
export interface TransactionExport {
  /** Pulled as fast as the caller reads; it throws where a page cannot be read any more. */
  readonly body: AsyncGenerator<Buffer>;
  readonly fileName: string;
}

/** Writes transactions down as they stood at one place in the log, and in the audit that somebody took them. */
export class ExportTransactions extends Query<TransactionExport> {
  constructor(
    readonly asked: Omit<ExportTransactionsQuery, 'format'> & { readonly format: ExportFormat },
    readonly caller: CallerIdentity,
    readonly acting: ActContext,
  ) {
    super();
  }
}
