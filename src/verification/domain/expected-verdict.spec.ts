import { minutesLater } from '../../../test/support/a-transaction.js';
import { expectedVerdictAt, type Waiting } from './expected-verdict.js';

const minutes = (...delays: readonly number[]) => delays.map((delay) => delay * 60_000);
const expected = (delaysMs: readonly number[], over: Partial<Waiting> = {}) =>
  expectedVerdictAt(
    {
      since: minutesLater(0),
      now: minutesLater(0),
      nextAskAt: minutesLater(0),
      latestAt: minutesLater(24 * 60),
      ...over,
    },
    delaysMs,
  );

describe('expecting a verdict', () => {
  it('takes the next ask where nothing is known of the bank', () => {
    expect(expected([], { nextAskAt: minutesLater(5) })).toEqual(minutesLater(5));
  });

  it('takes the median of the verdicts before', () => {
    expect(expected(minutes(9, 1, 3))).toEqual(minutesLater(3));
    expect(expected(minutes(1, 3))).toEqual(minutesLater(1));
  });

  it('looks only at those that took longer than the claim has waited', () => {
    const now = minutesLater(3);

    expect(expected(minutes(1, 3, 9, 11, 13), { now, nextAskAt: now })).toEqual(minutesLater(11));
    expect(expected(minutes(1, 2, 3), { now, nextAskAt: minutesLater(4) })).toEqual(
      minutesLater(4),
    );
  });

  it('is never before the next ask', () => {
    expect(expected(minutes(1), { nextAskAt: minutesLater(8) })).toEqual(minutesLater(8));
  });

  it('is never after the verdict that the payment did not show', () => {
    expect(expected(minutes(9_000))).toEqual(minutesLater(24 * 60));
    const late = { latestAt: minutesLater(1), nextAskAt: minutesLater(2) };
    expect(expected(minutes(9_000), late)).toEqual(minutesLater(2));
    expect(expected(minutes(9_000), { latestAt: null })).toEqual(minutesLater(9_000));
  });
});
