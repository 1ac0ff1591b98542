import type { LocalDate } from '../../kernel/local-date.js';
import { movePagoMovil, type PagoMovilWish } from './account-change.decisions.js';
import { EVER, freeSince, holdsOn, type PagoMovilDays } from './pago-movil-days.js';

const day = (text: string): LocalDate => `2026-07-${text}` as LocalDate;
const [a, b] = ['account a', 'account b'];
const holder = { id: a, receives: true, days: [EVER] };
const other = { id: b, receives: false, days: [] as PagoMovilDays[] };

const wish = (changes: Partial<PagoMovilWish> = {}): PagoMovilWish => ({
  account: other,
  receives: true,
  takesFrom: a,
  on: day('20'),
  today: day('20'),
  others: [holder],
  isShared: false,
  ...changes,
});

describe('moving Pago Móvil from one account to another', () => {
  it('lets the former keep its days, and the next begin on the day named', () => {
    const moved = movePagoMovil(wish());
    expect(moved).toEqual([
      { id: b, receives: true, days: [{ from: day('20'), until: null }] },
      { id: a, receives: false, days: [{ from: null, until: day('20') }] },
    ]);
  });

  it('gives each day to one account, also when it is moved back and forth', () => {
    let [first, second] = [holder, other] as PagoMovilWish['account'][];
    for (const on of ['20', '20', '22', '25']) {
      const [from, to] = first?.receives ? [first, second] : [second, first];
      if (from === undefined || to === undefined) throw new Error('two accounts');
      const moved = movePagoMovil(
        wish({ account: to, takesFrom: from.id, others: [from], on: day(on) }),
      );
      if (!Array.isArray(moved)) throw new Error('refused');
      const present = [first, second].map((one) => moved.find(({ id }) => id === one?.id) ?? one);
      [first, second] = present as PagoMovilWish['account'][];
      for (let at = 1; at <= 31; at += 1) {
        const on = day(String(at).padStart(2, '0'));
        const holders = [first, second].filter((one) => one && holdsOn(one.days, on));
        expect(holders).toHaveLength(1);
      }
    }
  });

  it.each([
    ['nobody is named', null, a],
    ['another is named', 'account c', a],
  ])('refuses while an account receives it and %s', (_, takesFrom, id) => {
    expect(movePagoMovil(wish({ takesFrom }))).toMatchObject({
      code: 'pago_movil_account_taken',
      facts: { receiving_account_id: id },
    });
  });

  it('gives it up, so that nobody has it, and gives it again from that day on', () => {
    const given = movePagoMovil(
      wish({ account: holder, receives: false, takesFrom: null, others: [other] }),
    );
    const former = { id: a, receives: false, days: [{ from: null, until: day('20') }] };
    expect(given).toEqual([former]);
    const again = wish({ takesFrom: null, others: [former], on: day('19') });
    expect(movePagoMovil(again)).toMatchObject({ facts: { earliest: day('20') } });
    expect(movePagoMovil({ ...again, on: day('20') })).toHaveLength(1);
    expect(freeSince(former.days)).toBe(day('20'));
  });

  it.each([
    ['long ago', '2026-05-01'],
    ['far away', '2026-12-01'],
  ])('refuses a day that is %s', (_, on) => {
    expect(movePagoMovil(wish({ on: on as LocalDate }))).toMatchObject({
      code: 'pago_movil_day_out_of_range',
    });
  });

  it('refuses a day before the holder began: its claims stand on that day', () => {
    const since = { ...holder, days: [{ from: day('18'), until: null }] };
    expect(movePagoMovil(wish({ others: [since], on: day('17') }))).toMatchObject({
      code: 'pago_movil_day_out_of_range',
      facts: { earliest: day('18') },
    });
  });

  it('takes it from nobody where they share it', () => {
    expect(movePagoMovil(wish({ isShared: true, takesFrom: null }))).toHaveLength(1);
  });

  it('changes nothing where it is so already', () => {
    expect(movePagoMovil(wish({ account: holder, others: [other] }))).toEqual([]);
  });
});
