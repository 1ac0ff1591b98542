import type { MovementRow } from './movement.js';
import { readMovement } from './movement.js';
import { transactionDetail } from './transaction-detail.js';

const detailOf = (more: Partial<MovementRow> = {}): ReturnType<typeof transactionDetail> =>
  transactionDetail(
    readMovement(
      {
        account: '01340001600000000017',
        amount_minor: 124_000,
        reference: '00003473078',
        on: '2026-07-10',
        payer_phone: '+584141234567',
        payer_bank: '0102',
        concept: 'Banesco Pago Movil',
        ...more,
      },
      new Date(0),
      'x',
    ),
  );

describe('spelling a row as the bank does', () => {
  it.each([
    ['full', '00003473078'],
    ['tail6', '473078'],
    ['stripped', '3473078'],
  ] as const)('writes a %s reference', (spelling, referenceNumber) => {
    expect(detailOf({ spelling }).referenceNumber).toBe(referenceNumber);
  });

  it('keeps the zeros of a tail', () => {
    expect(detailOf({ reference: '12345000042', spelling: 'tail6' }).referenceNumber).toBe(
      '000042',
    );
  });

  it('writes the amount as a number or as a string with two decimals', () => {
    expect(detailOf({ amount_as: 'number' }).amount).toBe(1240);
    expect(detailOf({ amount_as: 'string' }).amount).toBe('1240.00');
    expect(detailOf({ amount_minor: 1, amount_as: 'string' }).amount).toBe('0.01');
  });

  it('pads and does not use ISO codes', () => {
    expect(detailOf().currencyCode).toBe('BS ');
    expect(detailOf().concept).toMatch(/^Banesco Pago Movil +$/);
  });

  it('puts the masked phone of the payer where the account would be', () => {
    expect(detailOf().accountId).toBe('5841********4567');
    expect(detailOf({ payer_phone: null }).accountId).toBe('01340001600000000017');
  });

  it('writes a time it does not have as zeros with points', () => {
    expect(detailOf().trnTime).toBe('00.00.00');
    expect(detailOf({ time: '10:30:00' }).trnTime).toBe('10:30:00');
  });

  it('marks credits and debits', () => {
    expect(detailOf().trnType).toBe('CR');
    expect(detailOf({ direction: 'debit' }).trnType).toBe('DB');
  });

  it('names itself as the bank of the payer, whoever that was', () => {
    expect(detailOf().sourceBankId).toBe('134');
  });
});
