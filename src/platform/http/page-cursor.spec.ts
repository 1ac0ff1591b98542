import * as fc from 'fast-check';
import { PageCursors, type PageEnd } from './page-cursor.js';

const secret = Buffer.alloc(32, 7);
const cursors = new PageCursors(secret, 'transactions');

const ends: fc.Arbitrary<PageEnd> = fc.record({
  key: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
  id: fc.uuid(),
});
const narrowings = fc.record(
  {
    status: fc.constantFrom('pending', 'verified'),
    amount_min: fc.bigInt({ min: 0n, max: 9n }),
    merchant_id: fc.uuid(),
  },
  { requiredKeys: [] },
);

describe('writing and reading cursors', () => {
  it('reads what it wrote for the same list', () => {
    fc.assert(
      fc.property(ends, narrowings, (end, narrowing) => {
        expect(cursors.read(cursors.write(end, narrowing), { ...narrowing })).toEqual(end);
      }),
    );
  });

  it('reads no cursor of a list that was narrowed otherwise', () => {
    fc.assert(
      fc.property(ends, narrowings, narrowings, (end, one, other) => {
        const write = (narrowing: object) => cursors.write(end, narrowing);
        fc.pre(write(one) !== write(other));

        expect(cursors.read(write(one), other)).toBeNull();
      }),
    );
  });

  it('reads no text that it did not write', () => {
    const genuine = cursors.write({ key: 5n, id: 'x' }, {});
    fc.assert(
      fc.property(fc.string(), fc.nat({ max: genuine.length - 1 }), (text, at) => {
        const replaced = genuine.charAt(at) === 'A' ? 'B' : 'A';
        const bent = genuine.slice(0, at) + replaced + genuine.slice(at + 1);

        expect(cursors.read(text, {})).toBeNull();
        // The last character of a half holds bits that base64url does not use.
        if (at !== genuine.length - 1) expect(cursors.read(bent, {})).toBeNull();
      }),
    );
  });

  it('reads no cursor of another list or another secret', () => {
    const cursor = cursors.write({ key: 5n, id: 'x' }, {});

    expect(new PageCursors(secret, 'movements').read(cursor, {})).toBeNull();
    expect(new PageCursors(Buffer.alloc(32, 8), 'transactions').read(cursor, {})).toBeNull();
  });
});
