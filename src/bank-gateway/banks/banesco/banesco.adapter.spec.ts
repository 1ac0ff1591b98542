import type { LocalDate } from '../../../kernel/local-date.js';
import type { Currency } from '../../../kernel/money.js';
import type { PaymentClaim } from '../../../matching/payment-claim.js';
import type { Reading } from '../../bank-adapter.js';
import { BanescoAdapter } from './banesco.adapter.js';

const ACCOUNT = '01340001600000000017';
const DAY = '2026-07-10' as LocalDate;
const ASK = '0d9d3f5e-4e0c-4a5e-8d0b-6a3b8f7c2d10';

const settings = {
  baseUrl: 'https://bank.example/',
  transactionsPath: '/financial-account/transactions',
  deviceAddress: '192.0.2.7',
  internalTransferSendsDate: false,
  pagoMovilSendsAccount: false,
  listingGranted: true,
  listingMaxDays: 30,
  referenceDigits: 6,
  commissionBasisPoints: 150,
  timeoutMs: 20_000,
};
const adapterWith = (changes: Partial<typeof settings> = {}) =>
  new BanescoAdapter({ ...settings, ...changes });

const claim = (changes: Partial<PaymentClaim> = {}): PaymentClaim => ({
  kind: 'pago_movil',
  originBank: '0102',
  reference: '00683473078',
  amountMinor: 124_050n,
  currency: 'VES' as Currency,
  paidOn: DAY,
  payerPhone: '+584125550131',
  payerDocument: null,
  receivingAccount: ACCOUNT,
  ...changes,
});
const transfer = (originBank: string, reference = '00683473078') =>
  claim({ kind: 'transfer', originBank, reference, payerPhone: null });

describe('asking Banesco', () => {
  const sentFor = (asked: PaymentClaim, adapter = adapterWith(), on = DAY): unknown => {
    const body = adapter.lookUp(asked, on, ASK)?.request.body ?? 'null';
    return (JSON.parse(body) as { dataRequest: { transaction: unknown } }).dataRequest?.transaction;
  };

  it('sends a Pago Móvil without the account', () => {
    expect(sentFor(claim())).toEqual({
      referenceNumber: '473078',
      phoneNum: '584125550131',
      bankId: '0102',
      startDt: '2026-07-10',
      amount: 1240.5,
    });
  });

  it('names the account of a Pago Móvil where that is configured', () => {
    const adapter = adapterWith({ pagoMovilSendsAccount: true });
    expect(sentFor(claim(), adapter)).toMatchObject({ accountId: ACCOUNT, startDt: '2026-07-10' });
  });

  it('never names the phone of a transfer, nor the day of one within the bank', () => {
    const named = { ...transfer('0134'), payerPhone: '+584125550131' };
    expect(Object.keys(sentFor(named) as object).sort()).toEqual([
      'accountId',
      'amount',
      'bankId',
      'referenceNumber',
    ]);
  });

  it('sends a transfer within the bank with its whole reference and no date', () => {
    expect(sentFor(transfer('0134'))).toEqual({
      referenceNumber: '00683473078',
      accountId: ACCOUNT,
      bankId: '0134',
      amount: 1240.5,
    });
  });

  it('names the date of a transfer within the bank where that is configured', () => {
    const adapter = adapterWith({ internalTransferSendsDate: true });
    expect(sentFor(transfer('0134'), adapter)).toMatchObject({ startDt: '2026-07-10' });
  });

  it('sends a transfer from another bank with the account and no phone', () => {
    expect(sentFor({ ...transfer('0105'), payerPhone: '+584125550131' })).toEqual({
      referenceNumber: '473078',
      accountId: ACCOUNT,
      bankId: '0105',
      startDt: '2026-07-10',
      amount: 1240.5,
    });
  });

  it('asks for the day it is told, which may be a neighbour of the claimed one', () => {
    const neighbour = '2026-07-11' as LocalDate;
    expect(sentFor(claim(), adapterWith(), neighbour)).toMatchObject({ startDt: '2026-07-11' });
  });

  it('keeps the zeros at the beginning of a tail', () => {
    expect(sentFor(claim({ reference: '683003078' }))).toMatchObject({ referenceNumber: '003078' });
  });

  it.each([
    [1n, '0.01'],
    [100n, '1.00'],
    [9_007_199_254_740_991n, '90071992547409.91'],
  ])('writes %d cents as the number %s', (amountMinor, text) => {
    const { body } = adapterWith().lookUp(claim({ amountMinor }), DAY, ASK)?.request ?? {};
    expect(body).toContain(`"amount":${text}}`);
  });

  it('wraps what it asks in the envelope of the bank', () => {
    const request = adapterWith().lookUp(claim(), DAY, ASK)?.request;
    expect(request).toMatchObject({
      endpoint: 'transactions',
      method: 'POST',
      url: 'https://bank.example/financial-account/transactions',
    });
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      dataRequest: {
        device: { type: 'Server', description: 'constancia', ipAddress: '192.0.2.7' },
        securityAuth: { sessionId: ASK },
      },
    });
  });

  it.each([
    ['a card deposit', claim({ kind: 'card_deposit' })],
    ['a Pago Móvil without a phone', claim({ payerPhone: null })],
    ['a phone of eleven digits', claim({ payerPhone: '+58412555013' })],
    ['a phone of thirteen digits', claim({ payerPhone: '+5841255501312' })],
    ['a phone of another country', claim({ payerPhone: '+574125550131' })],
    ['a reference one digit short', claim({ reference: '73078' })],
  ])('spends no call on %s', (_, asked) => {
    expect(adapterWith().lookUp(asked, DAY, ASK)).toBeNull();
  });

  describe('for a range of days', () => {
    const list = (from: string, to: string, adapter = adapterWith()) =>
      adapter.list(ACCOUNT, from as LocalDate, to as LocalDate, ASK);

    it('blanks the reference and zeroes the amount', () => {
      expect(JSON.parse(list('2026-07-01', '2026-07-10')?.request.body ?? '')).toMatchObject({
        dataRequest: {
          transaction: {
            referenceNumber: '',
            accountId: ACCOUNT,
            startDt: '2026-07-01',
            endDt: '2026-07-10',
            amount: 0,
          },
        },
      });
    });

    it.each([
      ['30 days', '2026-07-01', '2026-07-30', true],
      ['31 days', '2026-07-01', '2026-07-31', false],
      ['one day', '2026-07-01', '2026-07-01', true],
      ['a range that ends before it begins', '2026-07-02', '2026-07-01', false],
    ])('takes %s, or not', (_, from, to, isTaken) => {
      expect(list(from, to) !== null).toBe(isTaken);
    });

    it('is not done where it was not granted', () => {
      const adapter = adapterWith({ listingGranted: false });
      expect(list('2026-07-01', '2026-07-01', adapter)).toBeNull();
      expect(adapter.capabilities.listing).toBeNull();
    });
  });
});

const row = (changes: Readonly<Record<string, unknown>> = {}) => ({
  referenceNumber: '473078',
  amount: 1240.5,
  currencyCode: 'BS ',
  accountId: '5841********0131',
  trnDate: '2026-07-10',
  trnTime: '00.00.00',
  trnType: 'CR',
  sourceBankId: '134',
  destBankId: '   ',
  concept: 'Banesco Pago Movil      ',
  customerIdBen: 'J000000000     ',
  exchangeRate: 0,
  ...changes,
});

interface Given {
  readonly status?: number;
  readonly retryAfterMs?: number | null;
}
const reply = (body: string, { status = 200, retryAfterMs = null }: Given = {}) => ({
  kind: 'answered' as const,
  httpStatus: status,
  body: Buffer.from(body),
  contentType: 'application/json',
  retryAfterMs,
});
const coded = (statusCode: unknown, dataResponse: unknown = null) =>
  JSON.stringify({ httpStatus: { statusCode, statusDesc: 'any' }, dataResponse });
const withRows = (...rows: readonly unknown[]) => coded(200, { transactionDetail: rows });

const readAs = (asked: PaymentClaim, body: string, given: Given = {}): Reading => {
  const question = adapterWith().lookUp(asked, DAY, ASK);
  if (question === null) throw new Error('nothing was asked');
  return question.read(reply(body, given));
};
const read = (body: string, given: Given = {}) => readAs(claim(), body, given);
const onlyRow = (body: string, asked = claim()) => {
  const { answer } = readAs(asked, body);
  return answer.outcome === 'found' && answer.movements.length === 1 ? answer.movements[0] : answer;
};

describe('reading the codes of Banesco', () => {
  it.each([
    ['70001', 200, 'not_visible_yet'],
    ['70001', 400, 'not_visible_yet'],
    [70001, 200, 'not_visible_yet'],
    [' 70001 ', 400, 'not_visible_yet'],
    ['70005', 200, 'range_too_large'],
    ['70005', 400, 'range_too_large'],
    ['VDE01', 400, 'invalid_query'],
    ['VDE02', 400, 'invalid_query'],
    ['VRN01', 401, 'credentials_refused'],
    ['VRN01', 403, 'credentials_refused'],
    ['VRN04', 503, 'maintenance'],
    ['CRT503', 503, 'maintenance'],
    ['VRN05', 429, 'rate_limited'],
    ['vrn05', 200, 'rate_limited'],
    ['VRN06', 424, 'unavailable'],
    [204, 200, 'unavailable'],
    [409, 409, 'unavailable'],
    [422, 422, 'unavailable'],
    [500, 500, 'unavailable'],
    [503, 503, 'unavailable'],
    [504, 504, 'unavailable'],
  ])('takes %p on HTTP %d for "%s"', (code, status, outcome) => {
    const { answer, bankCode, problems } = read(coded(code), { status });
    expect(answer.outcome).toBe(outcome);
    expect(bankCode).toBe(String(code).trim().toUpperCase());
    expect(problems).toEqual([]);
  });

  it.each(['00', '0', '70002', 'VRN99', 'constructor', 'OK'])(
    'takes the unknown code %s for "unavailable", never for "not visible yet"',
    (code) => {
      expect(read(coded(code, { transactionDetail: [] }))).toMatchObject({
        answer: { outcome: 'unavailable' },
        problems: ['unknown_code'],
      });
    },
  );

  it('reads the body before the status', () => {
    expect(read(withRows(row()), { status: 500 }).answer.outcome).toBe('found');
    expect(read(coded('70001'), { status: 403 }).refusesAuthorization).toBe(false);
  });

  it.each([
    [401, 'credentials_refused', true],
    [403, 'credentials_refused', true],
    [429, 'rate_limited', false],
    [400, 'unavailable', false],
    [404, 'unavailable', false],
    [500, 'unavailable', false],
    [503, 'unavailable', false],
    [204, 'unavailable', false],
    [302, 'unavailable', false],
    [200, 'unavailable', false],
  ])('goes by HTTP %d where the body says nothing', (status, outcome, refusesAuthorization) => {
    for (const body of ['', '<html>Bad</html>', '[]', '"70001"', '{"httpStatus":{}}', '{"a":']) {
      expect(read(body, { status })).toMatchObject({ answer: { outcome }, refusesAuthorization });
    }
  });

  it.each([
    ['401', 401, 'credentials_refused', true],
    [403, 403, 'credentials_refused', true],
    ['429', 429, 'rate_limited', false],
    ['404', 404, 'unavailable', false],
    ['401', 200, 'unavailable', false],
    ['70002', 500, 'unavailable', false],
  ])(
    'goes by the status beside the unknown code %p on HTTP %d',
    (code, status, outcome, refused) => {
      expect(read(coded(code), { status })).toMatchObject({
        answer: { outcome },
        bankCode: String(code),
        problems: ['unknown_code'],
        refusesAuthorization: refused,
      });
    },
  );

  it('passes on how long the bank wants to be left alone', () => {
    const asked = { status: 429, retryAfterMs: 30_000 };
    expect(read(coded('VRN05'), asked).answer).toEqual({
      outcome: 'rate_limited',
      retryAfterMs: 30_000,
    });
    expect(read('', asked).answer).toEqual({ outcome: 'rate_limited', retryAfterMs: 30_000 });
  });
});

describe('reading the rows of Banesco', () => {
  it('puts a row in our words', () => {
    expect(onlyRow(withRows(row()))).toEqual({
      bank: '0134',
      account: null,
      direction: 'credit',
      amountMinor: 124_050n,
      currency: 'VES',
      bankOn: '2026-07-10',
      bankTime: null,
      reference: '473078',
      payerPhoneMask: '5841********0131',
      concept: 'Banesco Pago Movil',
    });
  });

  it.each([
    ['630', 63_000n],
    ['630.1', 63_010n],
    ['630.10', 63_010n],
    ['"1240.00"', 124_000n],
    ['" 1240.5 "', 124_050n],
    ['0.01', 1n],
    ['1240.500', 124_050n],
    ['90071992547409.91', 9_007_199_254_740_991n],
    ['4503599627370.47', 450_359_962_737_047n],
  ])('reads the amount %s exactly', (amount, expected) => {
    const body = withRows(row({ amount: '<amount>' })).replace('"<amount>"', amount);
    expect(onlyRow(body)).toMatchObject({ amountMinor: expected });
  });

  it.each([
    ['of a fraction of a cent', '1240.505'],
    ['with a comma', '"1.240,50"'],
    ['with an exponent', '1e3'],
    ['that is negative', '-5'],
    ['beyond what an event can hold', '90071992547409.92'],
    ['that is missing', 'null'],
    ['that is a word', '"mil"'],
    ['that is empty', '""'],
    ['that is an object', '{}'],
  ])('takes no amount %s', (_, amount) => {
    const body = withRows(row({ amount: '<amount>' })).replace('"<amount>"', amount);
    expect(read(body)).toMatchObject({
      answer: { outcome: 'unavailable' },
      problems: ['malformed_row'],
    });
  });

  it.each([
    ['CR', 'credit'],
    ['DB', 'debit'],
    ['ID', 'debit'],
    [' cr ', 'credit'],
  ])('reads the type %p as a %s', (trnType, direction) => {
    expect(onlyRow(withRows(row({ trnType })))).toMatchObject({ direction });
  });

  it('reads a debit that carries its sign', () => {
    const body = withRows(row({ trnType: 'DB', amount: '-3.72' }));
    expect(onlyRow(body)).toMatchObject({ direction: 'debit', amountMinor: 372n });
  });

  it.each([
    ['"473078"', '473078'],
    ['473078', '473078'],
    ['"00683473078"', '00683473078'],
    ['"  473078   "', '473078'],
    ['12345678901234567890', '12345678901234567890'],
    ['"7"', '7'],
  ])('keeps the reference %s as it was reported', (reference, expected) => {
    const body = withRows(row({ referenceNumber: '<r>' })).replace('"<r>"', reference);
    expect(onlyRow(body)).toMatchObject({ reference: expected });
  });

  it.each([
    ['00.00.00', null],
    ['10:30:00', '10:30:00'],
    ['10.30.00', '10:30:00'],
    ['', null],
    ['25:00:00', null],
    [null, null],
  ])('reads the time %p as %p', (trnTime, bankTime) => {
    expect(onlyRow(withRows(row({ trnTime })))).toMatchObject({ bankTime });
  });

  it.each(['BS ', 'Bs', 'bs', 'VES', 'VED'])('takes %p for bolívares', (currencyCode) => {
    expect(onlyRow(withRows(row({ currencyCode })))).toMatchObject({ currency: 'VES' });
  });

  it('names the account only where it is the one asked for', () => {
    const within = transfer('0134');
    expect(onlyRow(withRows(row({ accountId: ACCOUNT })), within)).toMatchObject({
      account: ACCOUNT,
      payerPhoneMask: null,
    });
    // What the field means on a transfer is not established: it may be the payer's account.
    const other = withRows(row({ accountId: '01340001610000000025' }));
    expect(onlyRow(other, within)).toMatchObject({ account: null });
  });

  it('names the account asked for on every row of a listing', () => {
    const question = adapterWith().list(ACCOUNT, DAY, DAY, ASK);
    const answer = question?.read(reply(withRows(row(), row({ accountId: '' })))).answer;
    expect(answer).toMatchObject({
      movements: [
        { account: ACCOUNT, payerPhoneMask: '5841********0131' },
        { account: ACCOUNT, payerPhoneMask: null },
      ],
    });
  });

  it('reads a single object where a list was promised', () => {
    expect(onlyRow(coded('200', { transactionDetail: row() }))).toMatchObject({
      reference: '473078',
    });
  });

  it('takes an empty list for "not visible yet", and no list for no answer', () => {
    expect(read(withRows()).answer).toEqual({ outcome: 'not_visible_yet' });
    for (const data of [null, {}, { transactionDetail: null }, { transactionDetail: 'none' }]) {
      expect(read(coded(200, data))).toMatchObject({
        answer: { outcome: 'unavailable' },
        problems: ['no_rows_field'],
      });
    }
  });

  it.each([
    ['no type', { trnType: undefined }],
    ['an unknown type', { trnType: 'XX' }],
    ['no date', { trnDate: undefined }],
    ['a date that does not exist', { trnDate: '2026-02-30' }],
    ['a date in another form', { trnDate: '10/07/2026' }],
    ['no currency', { currencyCode: '   ' }],
    ['an unknown currency', { currencyCode: 'XYZ' }],
  ])('takes no answer with a row that has %s', (_, changes) => {
    expect(read(withRows(row(), row(changes)))).toMatchObject({
      answer: { outcome: 'unavailable' },
      problems: ['malformed_row'],
    });
  });

  it.each([
    ['no', ''],
    ['a masked', '*****3078'],
    ['a worded', 'S/N'],
  ])('counts a row with %s reference as hidden, and keeps the others', (_, referenceNumber) => {
    expect(read(withRows(row(), row({ referenceNumber })))).toMatchObject({
      answer: { outcome: 'found', hidden: 1, movements: [{ reference: '473078' }] },
      problems: ['hidden_reference'],
    });
  });

  it('takes no listing with a hidden row: it answers for many claims', () => {
    const question = adapterWith().list(ACCOUNT, DAY, DAY, ASK);
    const body = withRows(row({ referenceNumber: '***78' }));
    expect(question?.read(reply(body))).toMatchObject({
      answer: { outcome: 'unavailable' },
      problems: ['malformed_row'],
    });
  });

  it.each([null, 'row', 7, []])('takes no answer with %p for a row', (nonsense) => {
    expect(read(withRows(nonsense)).answer.outcome).toBe('unavailable');
  });
});

describe('saying what Banesco can do', () => {
  it('leaves card deposits to people', () => {
    const { capabilities } = adapterWith();
    expect(capabilities.lookUpKinds).toEqual(['pago_movil', 'transfer']);
    expect(capabilities).toMatchObject({
      bank: '0134',
      listing: { maxDays: 30 },
      lookUpHasSideEffects: false,
      amountCheckedByBank: false,
      referenceDigits: 6,
      leastReferenceDigits: 6,
      callDeadlineMs: 20_000,
    });
  });
});
