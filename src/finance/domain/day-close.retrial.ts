// Every recorded close, decided once more; `log verify` compares the two.
import type { Decision } from '../../kernel/rejection.js';
import type { Retrial } from '../../kernel/retrial.js';
import type { DayClosedEvent } from '../events/day-closed.event.js';
import { closeDay } from './day-close.decisions.js';
import type { DayCloses } from './day-close.js';

/** Decides a recorded close of a day once more. */
export const retryDayClose: Retrial<DayCloses, DayClosedEvent> = ({
  before,
  event,
}): Decision<DayClosedEvent> => {
  const { version, acceptedIncomplete, closedAt, ...close } = event.data;
  const asked = { ...close, acceptIncomplete: acceptedIncomplete, seenVersion: version - 1 };
  return closeDay(before, asked, new Date(closedAt));
};
