import { movementRow, readMovement, readMovementLines } from './movement.js';

// 23:30 on the 9th in Caracas is already the 10th in UTC.
const NOW = new Date('2026-07-10T03:30:00.000Z');
const ROW = {
  account: '01340001600000000017',
  amount_minor: 63_000,
  reference: '00683473078',
  payer_phone: '+584120000017',
  payer_bank: '0102',
};

describe('reading a movement', () => {
  it('takes a row with a phone for a Pago Móvil, and one without for a transfer', () => {
    expect(readMovement(ROW, NOW, 'x').kind).toBe('pago_movil');
    expect(readMovement({ ...ROW, payer_phone: null }, NOW, 'x').kind).toBe('transfer');
  });

  it('counts days back from the date in Caracas', () => {
    expect(readMovement({ ...ROW, on_days_ago: 0 }, NOW, 'x').on).toBe('2026-07-09');
    expect(readMovement({ ...ROW, on_days_ago: 9 }, NOW, 'x').on).toBe('2026-06-30');
  });

  it('shows a row at once, after a delay, at an instant or never', () => {
    const visibleAt = (more: object): number | null =>
      readMovement({ ...ROW, ...more }, NOW, 'x').visibleAt;
    expect(visibleAt({})).toBe(0);
    expect(visibleAt({ visible_after_seconds: 2 })).toBe(NOW.getTime() + 2_000);
    expect(visibleAt({ visible_at: '2026-07-10T04:00:00-04:00' })).toBe(
      Date.parse('2026-07-10T08:00:00Z'),
    );
    expect(visibleAt({ visible_at: null })).toBeNull();
  });

  it('names the wrong field', () => {
    expect(() => readMovement({ ...ROW, account: '0134' }, NOW, 'x')).toThrow(/account/);
    expect(() => readMovement({ ...ROW, amount_minor: 1.5 }, NOW, 'x')).toThrow(/amount_minor/);
    expect(() => readMovement({ ...ROW, colour: 'red' }, NOW, 'x')).toThrow(/colour/);
  });

  it('writes a row that reads back the same on another day', () => {
    const given = { ...ROW, on_days_ago: 1, visible_after_seconds: 5, scenario: 'two-alike' };
    const movement = readMovement(given, NOW, 'x');
    const later = new Date(NOW.getTime() + 86_400_000);
    expect(readMovement(movementRow(movement), later, 'y')).toEqual(movement);
  });
});

describe('reading a file of movements', () => {
  const line = JSON.stringify({ ...ROW, on_days_ago: 1 });

  it('gives a row the same id whenever it is read', () => {
    const [first] = readMovementLines(`${line}\n`, NOW);
    const [second] = readMovementLines(`\n${line}\n`, new Date(NOW.getTime() + 86_400_000));
    expect(second?.id).toBe(first?.id);
  });

  it('tells equal rows apart', () => {
    const ids = readMovementLines(`${line}\n${line}`, NOW).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });

  it('names the line that is wrong', () => {
    expect(() => readMovementLines(`${line}\n{"account":1}`, NOW)).toThrow(/^line 2: /);
    expect(() => readMovementLines(`${line}\n{`, NOW)).toThrow(/^line 2: /);
  });
});
