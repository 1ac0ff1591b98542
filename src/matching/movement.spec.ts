import { aMovement } from '../../test/support/a-claim.js';
import { movementKey, slotOf, twoDigitMask, type Movement } from './movement.js';
import { fromObserved, toObserved } from './observed-movement.js';

describe('naming a row by its content', () => {
  it('is the same for equal rows, whatever the free text', () => {
    expect(movementKey(aMovement({ concept: 'PAGO' }))).toBe(movementKey(aMovement()));
  });

  it.each<readonly [string, Partial<Movement>]>([
    ['amount', { amountMinor: 12_001n }],
    ['direction', { direction: 'debit' }],
    ['time', { bankTime: '10:30:00' }],
    ['account', { account: '01340123456789012345' }],
    ['spelling of the reference', { reference: '00683473078' }],
    ['end of the phone', { payerPhoneMask: '5841********5031' }],
  ])('differs with another %s', (_, other) => {
    expect(movementKey(aMovement(other))).not.toBe(movementKey(aMovement()));
  });

  it('rests on no digit of a phone that is not written down', () => {
    const [one, other] = ['5841********5031', '5842********9931'].map((payerPhoneMask) =>
      movementKey(aMovement({ payerPhoneMask })),
    );
    expect(one).toBe(other);
  });

  it('is the same for the row as events hold it', () => {
    const observed = toObserved(aMovement({ payerPhoneMask: '5841********5031' }));
    expect(movementKey(fromObserved(observed))).toBe(observed.movementKey);
    expect(toObserved(fromObserved(observed))).toEqual(observed);
  });
});

describe('writing down the phone of a payer', () => {
  it.each([
    ['5841********5031', '*******31'],
    ['*******31', '*******31'],
    ['584121235031', '*******31'],
    ['************', null],
    [null, null],
  ])('makes of %p %p', (mask, written) => {
    expect(twoDigitMask(mask)).toBe(written);
  });
});

describe('finding the slot of a row', () => {
  const scope = { affiliate: 'J0000', referenceDigits: 6 };

  it.each([
    ['a tail', '473078', '0134.J0000.credit.20260710.473078'],
    ['the whole reference', '00683473078', '0134.J0000.credit.20260710.473078'],
    ['a stripped tail', '12345', '0134.J0000.credit.20260710.012345'],
    ['a tail of one digit', '7', '0134.J0000.credit.20260710.000007'],
  ])('is one for %s', (_, reference, slot) => {
    expect(slotOf(aMovement({ reference }), scope)).toBe(slot);
  });

  it('is another for a debit', () => {
    expect(slotOf(aMovement({ direction: 'debit' }), scope)).toContain('.debit.');
  });
});
