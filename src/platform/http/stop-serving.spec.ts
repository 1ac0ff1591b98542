import { finishWithinMs } from './stop-serving.js';

describe('giving requests in flight time to finish', () => {
  it('gives five seconds after a short drain', () => {
    expect(finishWithinMs(0)).toBe(5_000);
    expect(finishWithinMs(3_000)).toBe(5_000);
  });

  it('stays below the ten seconds of orchestrators after the longest drain', () => {
    expect(finishWithinMs(6_500)).toBe(2_000);
    expect(finishWithinMs(8_000)).toBe(500);
  });
});
