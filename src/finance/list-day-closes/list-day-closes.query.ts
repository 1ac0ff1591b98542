import { Query } from '@nestjs/cqrs';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import type { DayCloseResource } from '../close-day/day-close.resource.js';
import type { ListDayClosesQuery } from './list-day-closes.request.js';

/** One page, the latest close first. */
export interface DayClosePage {
  readonly data: readonly DayCloseResource[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/** Lists the closes that the caller may see, corrected ones too. */
export class ListDayCloses extends Query<DayClosePage> {
  constructor(
    readonly page: ListDayClosesQuery,
    readonly caller: CallerIdentity,
  ) {
    super();
  }
}
