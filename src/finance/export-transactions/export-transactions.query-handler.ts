import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { SecurityActs } from '../../access/acts/security-acts.port.js';
import { DatabaseConnection } from '../../platform/database/database.js';
import { ReportPositions } from '../as-of/report-positions.store.js';
import { writePositionToken } from '../../platform/http/position-token.js';
import { merchantOf } from '../merchant-of.js';
import { exportBody } from './export-body.js';
import { ExportTransactions, type TransactionExport } from './export-transactions.query.js';
import { TransactionStatePages, type ExportNarrowing } from './transaction-state-pages.store.js';

@QueryHandler(ExportTransactions)
export class ExportTransactionsHandler implements IQueryHandler<ExportTransactions> {
  constructor(
    private readonly db: DatabaseConnection,
    private readonly acts: SecurityActs,
    private readonly positions: ReportPositions,
    private readonly pages: TransactionStatePages,
  ) {}

  async execute({ asked, caller, acting }: ExportTransactions): Promise<TransactionExport> {
    const { format, as_of: asOf, ...days } = asked;
    const merchantId = merchantOf(days.merchant_id, caller);
    const position = await this.positions.reached(
      asOf ?? { position: await this.positions.end() },
      'transaction-states',
    );
    const token = writePositionToken({ position });
    const narrowing: ExportNarrowing = {
      ...days,
      ...(merchantId === null ? {} : { merchant_id: merchantId }),
      position,
    };
    const body = exportBody(this.pages.of(narrowing), {
      format,
      position: token,
    });
    // What fails before the first page is answered as a problem, and nobody has taken anything.
    const first = await body.next();
    await this.db.kysely.transaction().execute((tx) =>
      this.acts.record(
        {
          act: 'transactions.exported',
          subject: merchantId === null ? 'transactions' : `merchant:${merchantId}`,
          merchantId,
          particulars: { ...named(days), format, position: token },
        },
        acting,
        tx,
      ),
    );
    const fileName = `transactions-${days.from}-to-${days.to}.${format}`;
    return { body: resumed(first, body), fileName };
  }
}

const named = (days: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(days).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

async function* resumed(
  first: IteratorResult<Buffer, void>,
  rest: AsyncGenerator<Buffer>,
): AsyncGenerator<Buffer> {
  if (first.done !== true) yield first.value;
  yield* rest;
}
