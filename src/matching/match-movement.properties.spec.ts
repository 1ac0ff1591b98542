import * as fc from 'fast-check';
import { aClaim, aMovement, AN_ACCOUNT } from '../../test/support/a-claim.js';
import { addDays } from '../kernel/local-date.js';
import type { Currency } from '../kernel/money.js';
import { matchMovement, type MatchQuestion } from './match-movement.js';
import { accountsConflict, couldBeSameMovement } from './movement-likeness.js';
import type { Movement } from './movement.js';
import { asReported, relateReferences } from './reference.js';

const RULES = { referenceDigits: 6, commissionBasisPoints: 500 };
const CLAIM = aClaim({ reference: '00683473078' });

/** Rows near the claim in every respect, so that each rule is met often. */
const nearbyRow: fc.Arbitrary<Movement> = fc
  .record({
    account: fc.constantFrom(null, AN_ACCOUNT, '01340123450000054321'),
    direction: fc.constantFrom('credit' as const, 'credit' as const, 'debit' as const),
    amountMinor: fc.constantFrom(12_000n, 12_000n, 11_999n, 12_001n, 36n, 24_000n),
    currency: fc.constantFrom('VES' as Currency, 'VES' as Currency, 'USD' as Currency),
    bankOn: fc.integer({ min: -3, max: 3 }).map((days) => addDays(CLAIM.paidOn, days)),
    bankTime: fc.constantFrom(null, '10:30:00', '11:00:00'),
    reference: fc.constantFrom('473078', '00683473078', '683473078', '73078', '473079', '9473078'),
    payerPhoneMask: fc.constantFrom(null, '5841********5031', '5842********9999'),
  })
  .map(aMovement);

/** Rows of which a glance says that they are somebody else's. */
const strangersRow: fc.Arbitrary<Movement> = fc.oneof(
  nearbyRow.map((row) => ({ ...row, reference: '911911' })),
  nearbyRow.map((row) => ({ ...row, currency: 'EUR' as Currency })),
  nearbyRow.map((row) => ({ ...row, account: '99990000000000000001' })),
);

const someTolerance = fc.record({
  underMinor: fc.constantFrom(0n, 1n, 100n),
  overMinor: fc.constantFrom(0n, 1n, 100n),
});

const question = fc
  .record({ rows: fc.array(nearbyRow, { maxLength: 6 }), tolerance: someTolerance })
  .map((some): MatchQuestion => ({ claim: CLAIM, rules: RULES, ...some }));

const digits = (min: number, max: number): fc.Arbitrary<string> =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max })
    .map((each) => each.join(''));

describe('matching whatever a bank may answer', () => {
  it('never minds the order of the rows', () => {
    fc.assert(
      fc.property(
        question.chain((asked) =>
          fc.tuple(
            fc.constant(asked),
            fc.shuffledSubarray([...asked.rows], { minLength: asked.rows.length }),
          ),
        ),
        ([asked, shuffled]) => {
          expect(matchMovement({ ...asked, rows: shuffled })).toEqual(matchMovement(asked));
        },
      ),
    );
  });

  it('never changes its verdict for rows of others', () => {
    fc.assert(
      fc.property(question, fc.array(strangersRow, { maxLength: 5 }), (asked, others) => {
        const more = { ...asked, rows: [...others, ...asked.rows] };
        expect(matchMovement(more)).toEqual(matchMovement(asked));
      }),
    );
  });

  it('never counts a repeated row twice', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const doubled = { ...asked, rows: [...asked.rows, ...asked.rows] };
        expect(matchMovement(doubled)).toEqual(matchMovement(asked));
      }),
    );
  });

  it('fits only a credit of the claim, inside the tolerance, that was in the answer', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const verdict = matchMovement(asked);
        if (verdict.verdict !== 'fits') return;
        const { movement, differenceMinor } = verdict;
        expect(asked.rows).toContainEqual(movement);
        expect(movement.direction).toBe('credit');
        expect(movement.currency).toBe(CLAIM.currency);
        expect(accountsConflict(CLAIM.receivingAccount, movement.account)).toBe(false);
        expect(differenceMinor).toBe(movement.amountMinor - CLAIM.amountMinor);
        expect(differenceMinor >= -asked.tolerance.underMinor).toBe(true);
        expect(differenceMinor <= asked.tolerance.overMinor).toBe(true);
      }),
    );
  });

  it('never fits on a neighbouring day by a tail alone', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const verdict = matchMovement(asked);
        if (verdict.verdict !== 'fits' || verdict.movement.bankOn === CLAIM.paidOn) return;
        const relation = relateReferences(CLAIM.reference, verdict.movement.reference, 6);
        expect(relation).toBe('same');
      }),
    );
  });

  it('never fits when a second row that fits alone joins it', () => {
    fc.assert(
      fc.property(nearbyRow, nearbyRow, someTolerance, (one, other, tolerance) => {
        const ask = (rows: Movement[]) =>
          matchMovement({ claim: CLAIM, rules: RULES, tolerance, rows });
        const both = [ask([one]), ask([other])];
        if (both.some((verdict) => verdict.verdict !== 'fits')) return;
        const together = ask([one, other]);
        if (!sameContent(one, other)) expect(together.verdict).not.toBe('fits');
      }),
      { numRuns: 5_000 },
    );
  });

  it('shows only rows of the answer as candidates, and never none', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const verdict = matchMovement(asked);
        if (!('candidates' in verdict)) return;
        expect(verdict.candidates.length).toBeGreaterThan(0);
        for (const candidate of verdict.candidates) expect(asked.rows).toContainEqual(candidate);
      }),
    );
  });

  it('says more of a wider tolerance, never less', () => {
    fc.assert(
      fc.property(nearbyRow, someTolerance, (row, tolerance) => {
        const ask = (wider: bigint) =>
          matchMovement({
            claim: CLAIM,
            rules: RULES,
            rows: [row],
            tolerance: {
              underMinor: tolerance.underMinor + wider,
              overMinor: tolerance.overMinor + wider,
            },
          }).verdict;
        if (ask(0n) === 'fits') expect(ask(500n)).toBe('fits');
      }),
    );
  });
});

describe('relating references', () => {
  it('is the same from both sides', () => {
    fc.assert(
      fc.property(digits(1, 14), digits(1, 14), (one, other) => {
        expect(relateReferences(one, other, 6)).toBe(relateReferences(other, one, 6));
      }),
    );
  });

  it('knows a reference by every tail that a bank may report of it', () => {
    fc.assert(
      fc.property(digits(6, 20), fc.integer({ min: 6, max: 20 }), (reference, length) => {
        const stripped = reference.slice(-length).replace(/^0+(?=\d)/, '');
        expect(relateReferences(reference, asReported(stripped, 6), 6)).not.toBe('unrelated');
      }),
    );
  });

  it('never calls two references the same that differ in more than zeros in front', () => {
    fc.assert(
      fc.property(digits(1, 14), digits(1, 14), (one, other) => {
        if (relateReferences(one, other, 6) !== 'same') return;
        expect(BigInt(one)).toBe(BigInt(other));
      }),
    );
  });
});

describe('telling whether two rows could be one movement', () => {
  it('is the same from both sides, and true of a row and itself', () => {
    fc.assert(
      fc.property(nearbyRow, nearbyRow, (one, other) => {
        expect(couldBeSameMovement(one, other, 6)).toBe(couldBeSameMovement(other, one, 6));
        expect(couldBeSameMovement(one, one, 6)).toBe(true);
      }),
    );
  });

  it('holds for every spelling of one reference, with and without account, time and phone', () => {
    fc.assert(
      fc.property(
        digits(11, 11),
        fc.constantFrom(6, 8, 11),
        fc.constantFrom(null, '10:30:00'),
        fc.constantFrom(null, AN_ACCOUNT),
        (reference, length, bankTime, account) => {
          const whole = aMovement({ reference, account: AN_ACCOUNT });
          const spelled = aMovement({
            reference: reference.slice(-length).replace(/^0+(?=\d)/, ''),
            bankTime,
            account,
          });
          expect(couldBeSameMovement(whole, spelled, 6)).toBe(true);
        },
      ),
    );
  });

  it('fails for another amount', () => {
    expect(couldBeSameMovement(aMovement(), aMovement({ amountMinor: 12_001n }), 6)).toBe(false);
  });
});

const sameContent = (one: Movement, other: Movement): boolean =>
  JSON.stringify({ ...one, concept: '', amountMinor: String(one.amountMinor) }) ===
  JSON.stringify({ ...other, concept: '', amountMinor: String(other.amountMinor) });
