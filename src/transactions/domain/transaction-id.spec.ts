import * as fc from 'fast-check';
import { isUuid } from '../../kernel/ids.js';
import {
  MAX_OCCURRENCE,
  occurrenceOf,
  transactionIdOf,
  type NaturalKey,
} from './transaction-id.js';

const key: NaturalKey = {
  merchantId: 'b9a3a6a2-7a0f-5d5f-9d5c-6f2f6c1f0a01',
  mode: 'live',
  receivingAccountId: 'c3d8e6a4-1b2c-5d3e-8f4a-5b6c7d8e9f00',
  kind: 'pago_movil',
  originBank: '0134',
  reference: '000683473078',
  paidOn: '2026-03-10',
};

const keys = fc.record({
  merchantId: fc.uuid(),
  mode: fc.constantFrom('live', 'test'),
  receivingAccountId: fc.uuid(),
  kind: fc.constantFrom('pago_movil', 'transfer', 'card_deposit'),
  originBank: fc.stringMatching(/^\d{4}$/),
  reference: fc.stringMatching(/^\d{4,20}$/),
  paidOn: fc.stringMatching(/^2026-0[1-9]-1\d$/),
}) satisfies fc.Arbitrary<NaturalKey>;

const spelling = ({ reference, ...rest }: NaturalKey): string =>
  JSON.stringify([Object.entries(rest), reference.replace(/^0+/, '')]);

describe('naming a transaction by its natural key', () => {
  it('never changes: the id of a known key is written here', () => {
    expect(transactionIdOf(key, 0)).toBe('2433e439-4903-505f-b4f1-e203c1e59335');
  });

  it('gives one id to one key, and different ids to different keys', () => {
    fc.assert(
      fc.property(keys, keys, (one, other) => {
        const same = spelling(one) === spelling(other);

        expect(isUuid(transactionIdOf(one, 0))).toBe(true);
        expect(transactionIdOf(one, 0) === transactionIdOf(other, 0)).toBe(same);
      }),
    );
  });

  it('does not see leading zeros, which people write or leave out', () => {
    fc.assert(
      fc.property(keys, fc.integer({ min: 0, max: 8 }), (one, zeros) => {
        const padded = { ...one, reference: '0'.repeat(zeros) + one.reference };

        expect(transactionIdOf(padded, 0)).toBe(transactionIdOf(one, 0));
      }),
    );
  });

  it.each([
    { merchantId: 'b9a3a6a2-7a0f-5d5f-9d5c-6f2f6c1f0a02' },
    { receivingAccountId: 'c3d8e6a4-1b2c-5d3e-8f4a-5b6c7d8e9f01' },
    { kind: 'transfer' as const },
    { originBank: '0102' },
    { reference: '683473079' },
    { paidOn: '2026-03-11' },
    { mode: 'test' as const },
  ])('tells another claim by %j', (other) => {
    expect(transactionIdOf({ ...key, ...other }, 0)).not.toBe(transactionIdOf(key, 0));
  });

  it('finds which occurrence an id names, within the bound', () => {
    fc.assert(
      fc.property(keys, fc.nat({ max: MAX_OCCURRENCE }), (one, occurrence) => {
        expect(occurrenceOf(one, transactionIdOf(one, occurrence))).toBe(occurrence);
      }),
      { numRuns: 20 },
    );
    expect(occurrenceOf(key, transactionIdOf(key, MAX_OCCURRENCE + 1))).toBeNull();
  });
});
