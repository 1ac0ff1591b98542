import { z } from 'zod';
import { writePositionToken } from '../../platform/http/position-token.js';
import { jsonSum } from '../daily-totals/daily-totals.resource.js';
import type { DayClosed, DayFigures, Figure } from '../events/day-closed.event.js';

// A sum may exceed what a JSON integer holds exactly; it is then written as decimal text, never rounded.
const sum = z.union([z.int(), z.string().regex(/^-?\d+$/)]);

const figure = z.object({ count: z.int(), amount: sum });

/** The figures of one currency; of a difference too, where numbers may be negative. */
const dayFigures = z.object({
  currency: z.string(),
  credits_at_bank: figure.nullable().meta({
    description: 'Null where the bank has not listed the day: unknown, not nothing.',
  }),
  claimed: figure.meta({ description: 'Credits that are bound to a transaction.' }),
  unclaimed: figure.nullable().meta({ description: 'Credits that nobody has claimed.' }),
  claimed_but_absent: figure.meta({
    description: 'Claims of the day that are bound to no credit, unless they were given up.',
  }),
  open_claims: figure.meta({ description: 'Claims of the day that are pending or in review.' }),
});

const coverage = z.enum(['complete', 'partial', 'none']).meta({
  description: 'Whether the bank has listed the whole day after it had ended.',
});

export const dayCloseResource = z
  .object({
    receiving_account_id: z.guid(),
    merchant_id: z.guid(),
    bank: z.string(),
    day: z.string(),
    time_zone: z.literal('America/Caracas'),
    version: z.int().meta({ description: '1 for the first close, one more for each correction.' }),
    position: z.string().meta({ description: 'The place in the log that the figures show.' }),
    report_version: z.int(),
    coverage,
    accepted_incomplete: z.boolean(),
    figures: z.array(dayFigures),
    closed_by: z.string(),
    reason: z.string(),
    closed_at: z.iso.datetime(),
  })
  .meta({ id: 'DayClose' });

export type DayCloseResource = z.output<typeof dayCloseResource>;

export const dayStanding = z
  .object({
    receiving_account_id: z.guid(),
    day: z.string(),
    time_zone: z.literal('America/Caracas'),
    version: z.int().meta({ description: '0 while the day is open; else that of the last close.' }),
    close: dayCloseResource.nullable(),
    now: z.object({
      position: z.string(),
      report_version: z.int(),
      coverage,
      figures: z.array(dayFigures),
    }),
    difference: z.array(dayFigures).nullable().meta({
      description:
        'Now less the last close, for each currency in which they differ; null while the day is open.',
    }),
  })
  .meta({ id: 'DayStanding' });

export type DayStanding = z.output<typeof dayStanding>;

const shown = ({ count, minor }: Figure) => ({ count, amount: jsonSum(minor) });
const shownOrNull = (one: Figure | null) => (one === null ? null : shown(one));

export const resourceOfFigures = (figures: readonly DayFigures[]) =>
  figures.map((of) => ({
    currency: of.currency,
    credits_at_bank: shownOrNull(of.creditsAtBank),
    claimed: shown(of.claimed),
    unclaimed: shownOrNull(of.unclaimed),
    claimed_but_absent: shown(of.claimedButAbsent),
    open_claims: shown(of.openClaims),
  }));

/** A place in the log as answers name it. */
export const positionToken = (decimal: string): string =>
  writePositionToken({ position: BigInt(decimal) });

/** A close as it was: made of its event alone, so that it reads the same for ever. */
export const resourceOfClose = (close: DayClosed): DayCloseResource => ({
  receiving_account_id: close.receivingAccountId,
  merchant_id: close.merchantId,
  bank: close.bank,
  day: close.day,
  time_zone: 'America/Caracas',
  version: close.version,
  position: positionToken(close.position),
  report_version: close.reportVersion,
  coverage: close.coverage,
  accepted_incomplete: close.acceptedIncomplete,
  figures: resourceOfFigures(close.figures),
  closed_by: close.closedBy,
  reason: close.reason,
  closed_at: close.closedAt,
});
