import type { DayClosed, DayClosedEvent } from '../events/day-closed.event.js';

/** The closes of one account's day, the first one first; the place of one is its version less one. */
export interface DayCloses {
  readonly closes: readonly DayClosed[];
}

const initialState: DayCloses = { closes: [] };

const evolve = ({ closes }: DayCloses, { data }: DayClosedEvent): DayCloses => ({
  closes: [...closes, data],
});

/** The closes of a day as the command runner loads them. */
export const dayCloseAggregate = { initialState, evolve } as const;

/** 0 while the day is open. */
export const versionOf = ({ closes }: DayCloses): number => closes.length;

/** The stream of an account's day. */
export const closeStream = (receivingAccountId: string, day: string): string =>
  `close-${receivingAccountId.replaceAll('-', '')}.${day.replaceAll('-', '')}`;
