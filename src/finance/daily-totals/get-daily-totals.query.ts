import { Query } from '@nestjs/cqrs';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import type { DailyTotalsQuery } from './daily-totals.request.js';
import type { DailyTotals } from './daily-totals.resource.js';

/** What was claimed and what the bank holds of it, by day; of one merchant, or of all for staff. */
export class GetDailyTotals extends Query<DailyTotals> {
  constructor(
    readonly range: DailyTotalsQuery,
    readonly caller: CallerIdentity,
  ) {
    super();
  }
}
