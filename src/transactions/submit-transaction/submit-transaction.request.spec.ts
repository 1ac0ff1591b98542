import type { LocalDate } from '../../kernel/local-date.js';
import { ProblemError } from '../../platform/http/problem.js';
import {
  readSubmission,
  submissionOf,
  submitTransactionSchema,
} from './submit-transaction.request.js';

const TODAY = '2026-03-10' as LocalDate;

const good = {
  external_id: 'order-1',
  kind: 'pago_movil',
  receiving_account_id: 'C3D8E6A4-1B2C-5D3E-8F4A-5B6C7D8E9F00',
  origin_bank: '0134',
  reference: '000683473078',
  amount: 12_000,
  currency: 'Bs',
  paid_on: '2026-03-10',
  payer: { phone: '0412-123.45.67', document: 'v-12.345.678', name: ' Ana ' },
};

const errorsOf = (body: unknown) => {
  try {
    readSubmission(body, TODAY);
    return [];
  } catch (error) {
    if (error instanceof ProblemError) return error.errors;
    throw error;
  }
};
const pointersOf = (body: unknown) => errorsOf(body).map(({ pointer }) => pointer);

describe('reading a submitted claim', () => {
  it('puts it into our words', () => {
    const read = submissionOf(readSubmission(good, TODAY), { merchantId: 'm', mode: 'live' });

    expect(read).toEqual({
      merchantId: 'm',
      mode: 'live',
      externalId: 'order-1',
      kind: 'pago_movil',
      type: 'payment',
      receivingAccountId: 'c3d8e6a4-1b2c-5d3e-8f4a-5b6c7d8e9f00',
      originBank: '0134',
      reference: '000683473078',
      amountMinor: 12_000,
      currency: 'VES',
      paidOn: '2026-03-10',
      payer: {
        phone: '+584121234567',
        document: 'V12345678',
        name: 'Ana',
        concept: null,
        metadata: null,
      },
      distinctFrom: null,
    });
  });

  it('names every wrong field at once, the day included', () => {
    const body = {
      kind: 'cash',
      reference: '123',
      amount: 12.5,
      currency: 'XXX',
      paid_on: '2026-03-11',
      payer: { phone: '12', colour: 'red' },
      metadata: { 'no blanks': 'x' },
      extra: true,
    };

    expect(pointersOf(body).sort()).toEqual([
      '/amount',
      '/currency',
      '/external_id',
      '/extra',
      '/kind',
      '/metadata/no blanks',
      '/origin_bank',
      '/paid_on',
      '/payer/colour',
      '/payer/phone',
      '/receiving_account_id',
      '/reference',
    ]);
  });

  it('says which day it is in Caracas', () => {
    expect(errorsOf({ ...good, paid_on: '2026-03-11' })).toEqual([
      {
        in: 'body',
        pointer: '/paid_on',
        reason: 'must not be after 2026-03-10, today in Caracas',
      },
    ]);
  });

  it.each([null, [], 'text', 7, {}])('refuses the body %j without falling over', (body) => {
    expect(pointersOf(body).length).toBeGreaterThan(0);
  });

  it.each([
    ['amount', [1, 9_007_199_254_740_991], [0, -1, 1.5, '12000', true, null, 2 ** 53, 1e300]],
    [
      'reference',
      ['1234', '1'.repeat(20)],
      ['123', '1'.repeat(21), '12 34', 'abcd', 683473078, ''],
    ],
    ['origin_bank', ['0134', '9999'], ['134', '01345', 'abcd', 134]],
    ['currency', ['VES', 'VED', 'BS', ' bs ', 'USD'], ['', 'XXX', 'V', 928, 'VES'.repeat(40)]],
    [
      'paid_on',
      ['2026-03-10', '2024-02-29', '2000-01-01'],
      ['2026-02-29', '2026-3-1', '1999-12-31', '20260310', '2026-03-10T00:00:00Z', 20260310],
    ],
    [
      'external_id',
      ['x', 'x'.repeat(100), 'Ordén 7'],
      ['', '   ', 'x'.repeat(101), 'a\u0000b', 'a\nb', '\ud800', 7],
    ],
    ['type', ['payment', 'commission', 'other'], ['refund', '']],
    ['concept', ['lunch', null], ['x'.repeat(141), '']],
    [
      'metadata',
      [{ table: '7' }, {}, null],
      [
        { a: 1 },
        { a: '' },
        { a: 'x'.repeat(201) },
        Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`k${n}`, 'v'])),
        [],
      ],
    ],
    ['distinct_from', ['2433e439-4903-505f-b4f1-e203c1e59335', null], ['first', 'x'.repeat(36)]],
    ['receiving_account_id', ['c3d8e6a4-1b2c-5d3e-8f4a-5b6c7d8e9f00'], ['1', "'; drop table", '']],
    ['payer', [{}, { phone: null }], [null, [], 'Ana']],
  ] as const)('judges %s at its bounds', (field, taken, refused) => {
    for (const value of taken) expect(pointersOf({ ...good, [field]: value })).toEqual([]);
    for (const value of refused) {
      const pointers = pointersOf({ ...good, [field]: value });
      expect([value, pointers[0]]).toEqual([value, expect.stringMatching(`^/${field}`)]);
    }
  });

  it.each(['concept', 'external_id'])('refuses a card number in %s', (field) => {
    expect(pointersOf({ ...good, [field]: 'paid with 4111 1111 1111 1111' })).toEqual([
      `/${field}`,
    ]);
  });

  it('refuses a card number in a name and in metadata', () => {
    expect(pointersOf({ ...good, payer: { name: '4111-1111-1111-1111' } })).toEqual([
      '/payer/name',
    ]);
    expect(pointersOf({ ...good, metadata: { card: '4111111111111111' } })).toEqual([
      '/metadata/card',
    ]);
  });

  it('describes itself for the documentation', () => {
    expect(submitTransactionSchema).toMatchObject({
      type: 'object',
      properties: { amount: { type: 'integer' }, paid_on: { type: 'string' } },
      required: expect.arrayContaining(['amount', 'reference']),
    });
    expect(submitTransactionSchema).not.toHaveProperty('$schema');
  });
});
