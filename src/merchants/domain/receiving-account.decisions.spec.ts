import { receivesPagoMovil } from './receiving-account.decisions.js';

describe('deciding which account receives Pago Móvil', () => {
  it.each([
    ['the first of a credential does', { asked: null, isTaken: false, isShared: false }, true],
    ['the second does not', { asked: null, isTaken: true, isShared: false }, false],
    ['the second does where they are shared', { asked: null, isTaken: true, isShared: true }, true],
    [
      'one that is asked to does while none does',
      { asked: true, isTaken: false, isShared: false },
      true,
    ],
    [
      'one that is asked to does where they are shared',
      { asked: true, isTaken: true, isShared: true },
      true,
    ],
    ['one that is asked not to does not', { asked: false, isTaken: false, isShared: false }, false],
  ])('%s', (_, question, expected) => {
    expect(receivesPagoMovil(question)).toBe(expected);
  });

  it('refuses a second one: a look-up could not tell them apart', () => {
    expect(receivesPagoMovil({ asked: true, isTaken: true, isShared: false })).toMatchObject({
      code: 'pago_movil_account_taken',
    });
  });
});
