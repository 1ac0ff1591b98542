import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { DatabaseConnection } from '../../platform/database/database.js';
import { writePositionToken } from '../../platform/http/position-token.js';
import { ReportPositions } from '../as-of/report-positions.store.js';
import { merchantOf } from '../merchant-of.js';
import {
  dailyTotalsOf,
  jsonSum,
  type DailyTotal,
  type DailyTotals,
} from './daily-totals.resource.js';
import { GetDailyTotals } from './get-daily-totals.query.js';
import { selectTotals, selectTotalsAt, type TotalsAsked } from './daily-totals.store.js';

const READ_MODEL = 'daily-totals';

@QueryHandler(GetDailyTotals)
export class GetDailyTotalsHandler implements IQueryHandler<GetDailyTotals> {
  constructor(
    private readonly db: DatabaseConnection,
    private readonly positions: ReportPositions,
  ) {}

  async execute({ range, caller }: GetDailyTotals): Promise<DailyTotals> {
    const { as_of: asOf, ...asked } = range;
    const merchantId = merchantOf(asked.merchant_id, caller);
    if (asOf === undefined) return this.now(asked, merchantId);
    const position = await this.positions.reached(asOf, READ_MODEL);
    const rows = await selectTotalsAt(this.db.kysely, asked, { merchantId, position }).execute();
    return dailyTotalsOf(asked, writePositionToken({ position }), rows.map(shown));
  }

  /** Sums and checkpoint of one moment: the checkpoint is moved with the rows. */
  private now(asked: TotalsAsked, merchantId: string | null): Promise<DailyTotals> {
    return this.db.kysely
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(async (tx) => {
        const rows = await selectTotals(tx, asked, merchantId).execute();
        const position = await this.positions.standing(tx, READ_MODEL);
        const token = position === null ? null : writePositionToken({ position });
        return dailyTotalsOf(asked, token, rows.map(shown));
      });
  }
}

interface SummedRow {
  readonly day: string;
  readonly currency: string;
  readonly status: string;
  readonly transactions: string | bigint;
  readonly claimed_minor: string;
  readonly bank_minor: string | null;
}

const shown = (row: SummedRow): DailyTotal => ({
  day: row.day,
  currency: row.currency,
  status: row.status,
  transactions: Number(row.transactions),
  claimed_amount: jsonSum(row.claimed_minor),
  bank_amount: row.bank_minor === null ? null : jsonSum(row.bank_minor),
});
