import { anId } from '../../../test/support/a-transaction.js';
import type { SweepAnswered } from '../../verification/record-sweep/sweep-answered.event.js';
import { coveredBy } from './covered-days.js';

const listing = (over: Partial<SweepAnswered> = {}): SweepAnswered => ({
  sweepId: anId('sweep'),
  receivingAccountId: anId('account'),
  from: '2026-03-09',
  to: '2026-03-10',
  outcome: 'found',
  bankCode: '200',
  httpStatus: 200,
  durationMs: 800,
  answerHash: null,
  permitIds: [],
  movements: 3,
  retryAfterMs: null,
  answeredAt: '2026-03-10T18:00:00.000Z',
  ...over,
});

const days = (over?: Partial<SweepAnswered>) =>
  coveredBy(listing(over), 137n).map(({ day, complete_position }) => [day, complete_position]);

describe('covering the days of an account', () => {
  it('is whole for a day that had ended, and part of the day that goes on', () => {
    expect(days()).toEqual([
      ['2026-03-09', 137n],
      ['2026-03-10', null],
    ]);
  });

  it('counts on when the listing began, in Caracas', () => {
    const midnight = '2026-03-11T04:00:00';

    expect(days({ answeredAt: `${midnight}.799Z` })[1]).toEqual(['2026-03-10', null]);
    expect(days({ answeredAt: `${midnight}.800Z` })[1]).toEqual(['2026-03-10', 137n]);
  });

  it('counts a listing that held nothing', () => {
    expect(days({ outcome: 'not_visible_yet' })).toHaveLength(2);
  });

  it.each(['unavailable', 'outcome_unknown', 'range_too_large', 'rate_limited'] as const)(
    'learns nothing from a listing that ended as %s',
    (outcome) => {
      expect(days({ outcome })).toEqual([]);
    },
  );
});
