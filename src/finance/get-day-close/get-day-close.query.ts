import { Query } from '@nestjs/cqrs';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import type { DayCloses } from '../domain/day-close.js';
import type { DayClosed } from '../events/day-closed.event.js';
import type { ReadFigures } from '../close-day/day-figures.js';

/** The closes of one account's day, from the log. */
export class GetDayCloses extends Query<DayCloses> {
  constructor(
    readonly receivingAccountId: string,
    readonly day: string,
    readonly caller: CallerIdentity,
  ) {
    super();
  }
}

/** How a day stands: its last close, and what it comes to now. */
export interface Standing {
  readonly version: number;
  readonly close: DayClosed | null;
  readonly now: ReadFigures;
}

/** Compares a day with its last close. */
export class GetDayStanding extends Query<Standing> {
  constructor(
    readonly receivingAccountId: string,
    readonly day: string,
    readonly caller: CallerIdentity,
  ) {
    super();
  }
}
