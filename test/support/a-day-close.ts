import type { DayToClose } from '../../src/finance/domain/day-close.decisions.js';
import {
  dayClosed,
  type DayClosed,
  type DayFigures,
} from '../../src/finance/events/day-closed.event.js';
import { anId } from './a-transaction.js';

/** A day on which the bank listed three credits; two of them were claimed, and one claim is not at the bank. */
export const someFigures = (over: Partial<DayFigures> = {}): DayFigures => ({
  currency: 'VES',
  creditsAtBank: { count: 3, minor: '36000' },
  claimed: { count: 2, minor: '24000' },
  unclaimed: { count: 1, minor: '12000' },
  claimedButAbsent: { count: 1, minor: '500' },
  openClaims: { count: 1, minor: '500' },
  ...over,
});

/** A first close of the built claims' day. */
export const aClose = (over: Partial<DayToClose> = {}): DayToClose => ({
  receivingAccountId: anId('account'),
  merchantId: anId('merchant'),
  bank: '0134',
  day: '2026-03-10',
  position: '137',
  reportVersion: 1,
  coverage: 'complete',
  figures: [someFigures()],
  closedBy: 'user:1',
  reason: 'agrees with the statement',
  acceptIncomplete: false,
  seenVersion: null,
  ...over,
});

/** 10:00 in Caracas on the day after. */
export const CLOSED_AT = '2026-03-11T14:00:00.000Z';

/** The event that such a close leaves. */
export const aDayClosed = (over: Partial<DayClosed> = {}) => {
  const { acceptIncomplete, seenVersion: _, ...close } = aClose();
  return dayClosed({
    ...close,
    version: 1,
    acceptedIncomplete: acceptIncomplete,
    closedAt: CLOSED_AT,
    ...over,
  });
};
