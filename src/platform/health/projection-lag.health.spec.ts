import type { ProjectionLag } from '../projections/projection-lag.js';
import { judgeLags } from './projection-lag.health.js';

const lag = (fields: Partial<ProjectionLag>): ProjectionLag => ({
  name: 'daily-totals',
  version: 1,
  events: 0,
  seconds: 0,
  moving: true,
  leads: true,
  ...fields,
});

describe('judging how far read models are behind', () => {
  it.each([
    ['nobody projects here', [], 'pass', 0],
    ['nothing is behind', [lag({})], 'pass', 0],
    ['the lag is small', [lag({ seconds: 30 })], 'pass', 30],
    ['it fails but is hardly behind', [lag({ seconds: 30, moving: false })], 'pass', 30],
    ['the lag is large and shrinks', [lag({ seconds: 30.6 })], 'warn', 31],
    ['the lag is large and stands still', [lag({ seconds: 31, moving: false })], 'fail', 31],
    [
      'one of two stands still',
      [lag({ seconds: 90 }), lag({ seconds: 31, moving: false })],
      'fail',
      90,
    ],
  ])('when %s', (_, lags, status, observed) => {
    expect(judgeLags(lags)).toMatchObject({ status, observed, unit: 's' });
  });

  it('names what is behind', () => {
    expect(judgeLags([lag({}), lag({ name: 'queue', seconds: 99 })]).reason).toBe(
      'catching up: queue',
    );
  });
});
