import type { LocalDate } from '../../kernel/local-date.js';
import type { Currency } from '../../kernel/money.js';
import type { BankAnswer } from '../../matching/bank-answer.js';
import type { Movement } from '../../matching/movement.js';
import { withoutOthers } from './paid-elsewhere.js';

const row = (bankOn: string): Movement => ({
  bank: '0134',
  account: null,
  direction: 'credit',
  amountMinor: 100n,
  currency: 'VES' as Currency,
  bankOn: bankOn as LocalDate,
  bankTime: null,
  reference: '683473078',
  payerPhoneMask: null,
  concept: '',
});
const found = (hidden: number, ...days: string[]): BankAnswer => ({
  outcome: 'found',
  movements: days.map(row),
  hidden,
});
const since20 = (day: LocalDate) => day >= '2026-07-20';

describe('leaving out what was paid to another account of the affiliate', () => {
  it('keeps rows of the days on which the account received them', () => {
    expect(withoutOthers(found(0, '2026-07-19', '2026-07-20'), since20)).toEqual(
      found(0, '2026-07-19'),
    );
  });

  it('takes an answer of nothing else for nothing visible', () => {
    expect(withoutOthers(found(0, '2026-07-20'), since20)).toEqual({ outcome: 'not_visible_yet' });
  });

  it('learns nothing from it while the bank hides rows', () => {
    expect(withoutOthers(found(1, '2026-07-21'), since20)).toEqual({ outcome: 'unavailable' });
  });

  it('leaves other answers as they are', () => {
    const answer: BankAnswer = { outcome: 'maintenance', retryAfterMs: null };
    expect(withoutOthers(answer, since20)).toBe(answer);
  });
});
