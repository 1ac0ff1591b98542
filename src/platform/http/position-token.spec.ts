import * as fc from 'fast-check';
import { readPositionToken, writePositionToken } from './position-token.js';

describe('writing the position of a write as a token', () => {
  it('reads every position back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), (position) => {
        expect(readPositionToken(writePositionToken({ position }))).toEqual({ position });
        expect(readPositionToken(writePositionToken({ queued: position }))).toEqual({
          queued: position,
        });
      }),
    );
  });

  it.each(['', 'p', '12', 'p-1', 'pÑ', 'pzzzzzzzzzzzzz', 'p1 p2', 'P1', 'a1'])(
    'reads nothing in "%s"',
    (text) => {
      expect(readPositionToken(text)).toBeNull();
    },
  );
});
