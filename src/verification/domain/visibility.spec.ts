import { afterBankingTime, visibleBy, type Travelled } from './visibility.js';

const HOUR_MS = 3_600_000;
const rules = { withinMs: 24 * HOUR_MS, deferredMs: 72 * HOUR_MS, holidays: new Set<string>() };
const transfer: Travelled = { kind: 'transfer', originBank: '0102', bank: '0134' };

/** An instant by the clock on the wall in Caracas. */
const caracas = (text: string): Date => new Date(`${text}:00.000-04:00`);
const by = (from: string, over: Partial<Travelled> = {}, holidays: readonly string[] = []): Date =>
  visibleBy({ ...transfer, ...over }, caracas(from), { ...rules, holidays: new Set(holidays) });

describe('giving a credit time to show', () => {
  // 10 March 2026 is a Tuesday.
  it.each<[string, Partial<Travelled>]>([
    ['Pago Móvil from any bank', { kind: 'pago_movil' }],
    ['a transfer inside the bank', { originBank: '0134' }],
    ['a card deposit', { kind: 'card_deposit' }],
  ])('gives %s a day', (_, over) => {
    expect(by('2026-03-13T10:00', over)).toEqual(caracas('2026-03-14T10:00'));
  });

  it('gives a transfer from another bank 72 hours of banking days', () => {
    expect(by('2026-03-10T10:00')).toEqual(caracas('2026-03-13T10:00'));
    expect(by('2026-03-13T10:00')).toEqual(caracas('2026-03-18T10:00'));
    expect(by('2026-03-11T00:00')).toEqual(caracas('2026-03-14T00:00'));
  });

  it('begins with the next banking day on a weekend', () => {
    expect(by('2026-03-14T15:00')).toEqual(caracas('2026-03-19T00:00'));
    expect(by('2026-03-15T23:59')).toEqual(caracas('2026-03-19T00:00'));
  });

  it('leaves holidays out', () => {
    expect(by('2026-03-10T10:00', {}, ['2026-03-11'])).toEqual(caracas('2026-03-16T10:00'));
  });

  it('counts days as Caracas does', () => {
    // Friday 21:00 there is Saturday 01:00 in UTC: three hours of Friday are left.
    expect(by('2026-03-13T21:00')).toEqual(caracas('2026-03-18T21:00'));
  });

  it('never gives a deferred transfer less than the others', () => {
    const short = { ...rules, deferredMs: HOUR_MS };

    expect(visibleBy(transfer, caracas('2026-03-10T10:00'), short)).toEqual(
      caracas('2026-03-11T10:00'),
    );
  });

  it('lets no time pass where none is given, also on a Sunday', () => {
    const none = { ...rules, withinMs: 1_000, deferredMs: 0 };
    const sunday = caracas('2026-03-15T10:00');

    expect(visibleBy(transfer, sunday, none).getTime()).toBe(sunday.getTime() + 1_000);
  });

  it('ends even where no day is a banking day', () => {
    const holidays = new Set(
      Array.from({ length: 100 }, (_, day) =>
        new Date(Date.UTC(2026, 2, 10 + day)).toISOString().slice(0, 10),
      ),
    );
    const from = caracas('2026-03-10T10:00');

    expect(afterBankingTime(from, HOUR_MS, holidays).getTime() - from.getTime()).toBe(
      60 * 24 * HOUR_MS,
    );
  });
});
