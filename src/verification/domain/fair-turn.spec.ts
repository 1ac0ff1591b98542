import { fairTurn, type Candidate } from './fair-turn.js';

const due = (merchantId: string, minutes: number, standing = 'pending'): Candidate => ({
  transactionId: `${merchantId} ${minutes}`,
  merchantId,
  dueAt: new Date(Date.parse('2026-03-10T14:00:00.000Z') + minutes * 60_000),
  watch: { standing },
});

const turns = (...merchants: readonly string[]): Map<string, number> =>
  new Map(merchants.map((merchant, turn) => [merchant, turn]));

describe('taking turns', () => {
  it('is nobody when nothing is due', () => {
    expect(fairTurn([], turns())).toBeNull();
  });

  it('begins with the claim that is due the longest', () => {
    expect(fairTurn([due('a', 5), due('b', 3)], turns())?.merchantId).toBe('b');
  });

  it('prefers a merchant that had no turn yet, however late its claim', () => {
    expect(fairTurn([due('a', 0), due('b', 60)], turns('a'))?.merchantId).toBe('b');
  });

  it('prefers the merchant whose last turn is the longest ago', () => {
    expect(fairTurn([due('a', 0), due('b', 60)], turns('b', 'a'))?.merchantId).toBe('b');
  });

  it('prefers what is pending to what has expired', () => {
    const candidates = [due('a', 0, 'expired'), due('b', 60)];
    expect(fairTurn(candidates, turns('b'))?.merchantId).toBe('b');
  });

  it('asks about expired claims when nothing is pending', () => {
    expect(fairTurn([due('a', 0, 'expired')], turns('a'))?.merchantId).toBe('a');
  });

  it('does not mind the order of the candidates', () => {
    const candidates = [due('a', 0), due('b', 0), due('c', 0)];
    expect(fairTurn(candidates.toReversed(), turns())).toEqual(fairTurn(candidates, turns()));
  });
});
