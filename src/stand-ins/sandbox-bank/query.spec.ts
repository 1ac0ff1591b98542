import { DEFAULT_RULES, type BankRules } from './bank-options.js';
import { readQuery } from './query.js';

const ACCOUNT = '01340001600000000017';
const DEVICE = { type: 'Server', description: 'spec', ipAddress: '127.0.0.1' };

const read = (
  transaction: Readonly<Record<string, unknown>>,
  rules: Partial<BankRules> = {},
): ReturnType<typeof readQuery> =>
  readQuery({ dataRequest: { device: DEVICE, transaction } }, { ...DEFAULT_RULES, ...rules });

const PAGO_MOVIL = {
  referenceNumber: '473078',
  phoneNum: '584120000017',
  bankId: '0102',
  startDt: '2026-07-10',
  amount: 630.5,
};
const SAME_BANK = { referenceNumber: '00683473078', accountId: ACCOUNT, bankId: '0134', amount: 1 };
const OTHER_BANK = {
  referenceNumber: '473078',
  accountId: ACCOUNT,
  bankId: '0102',
  startDt: '2026-07-10',
};
const RANGE = { accountId: ACCOUNT, startDt: '2026-07-01', endDt: '2026-07-30' };

const without = (fields: object, name: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));

describe('telling the modality by the fields sent', () => {
  it.each([
    ['pago_movil', PAGO_MOVIL],
    ['transfer_same_bank', SAME_BANK],
    ['transfer_other_bank', OTHER_BANK],
    ['range', RANGE],
  ])('reads %s', (operation, fields) => {
    expect(read(fields)).toMatchObject({ outcome: 'query', query: { operation } });
  });

  it('takes blank, null and zero for absent', () => {
    const listing = { ...RANGE, referenceNumber: '', phoneNum: null, bankId: '', amount: 0 };
    expect(read(listing)).toMatchObject({ query: { operation: 'range' } });
  });

  it('reads the amount into cents, for nothing but its own magic', () => {
    expect(read(PAGO_MOVIL)).toMatchObject({ query: { amountMinor: 63_050n } });
  });

  it('accepts an account on a Pago Móvil look-up, unless the rule says otherwise', () => {
    const fields = { ...PAGO_MOVIL, accountId: ACCOUNT };
    expect(read(fields)).toMatchObject({ query: { account: ACCOUNT } });
    expect(read(fields, { pagoMovilAccount: 'refused' })).toMatchObject({ code: '70001' });
  });

  it('finds nothing for a dated transfer within the bank, unless the rule says otherwise', () => {
    const fields = { ...SAME_BANK, startDt: '2026-07-10' };
    expect(read(fields)).toMatchObject({ code: '70001', field: 'startDt' });
    expect(read(fields, { internalTransferDate: 'accepted' })).toMatchObject({
      query: { operation: 'transfer_same_bank', on: '2026-07-10' },
    });
  });

  it.each(['referenceNumber', 'phoneNum', 'bankId'])(
    'finds nothing for a range with %s',
    (name) => {
      const value = { referenceNumber: '473078', phoneNum: '584120000017', bankId: '0134' }[name];
      expect(read({ ...RANGE, [name]: value })).toMatchObject({
        code: '70001',
        operation: 'range',
      });
    },
  );
});

describe('refusing a query', () => {
  it.each([
    ['pago_movil', PAGO_MOVIL, ['referenceNumber', 'bankId', 'startDt']],
    ['transfer_same_bank', SAME_BANK, ['referenceNumber', 'accountId']],
    ['transfer_other_bank', OTHER_BANK, ['referenceNumber', 'accountId', 'bankId', 'startDt']],
    ['range', RANGE, ['accountId', 'startDt']],
  ] as const)('answers VDE01 for a %s without one of its fields', (_, fields, names) => {
    for (const name of names) {
      expect(read(without(fields, name))).toMatchObject({ outcome: 'refused', code: 'VDE01' });
    }
  });

  it('answers VDE01 for a range when listing was not granted', () => {
    expect(read(RANGE, { rangeListing: false })).toMatchObject({
      code: 'VDE01',
      field: 'referenceNumber',
    });
  });

  it.each([
    ['a phone of 11 digits', { ...PAGO_MOVIL, phoneNum: '58412000017' }, 'phoneNum'],
    ['a phone of 13 digits', { ...PAGO_MOVIL, phoneNum: '5841200000170' }, 'phoneNum'],
    ['a phone with a plus', { ...PAGO_MOVIL, phoneNum: '+58412000017' }, 'phoneNum'],
    ['a phone spelled locally', { ...PAGO_MOVIL, phoneNum: '041200000170' }, 'phoneNum'],
    ['a masked account', { ...OTHER_BANK, accountId: '0134************0017' }, 'accountId'],
    ['a short account', { ...OTHER_BANK, accountId: ACCOUNT.slice(1) }, 'accountId'],
    ['a bank of three digits', { ...PAGO_MOVIL, bankId: '102' }, 'bankId'],
    ['a reference of five digits', { ...PAGO_MOVIL, referenceNumber: '73078' }, 'referenceNumber'],
    ['a reference as a number', { ...PAGO_MOVIL, referenceNumber: 473078 }, 'referenceNumber'],
    ['a day that does not exist', { ...PAGO_MOVIL, startDt: '2026-02-30' }, 'startDt'],
    ['a date with slashes', { ...PAGO_MOVIL, startDt: '10/07/2026' }, 'startDt'],
    ['an amount as text', { ...PAGO_MOVIL, amount: '630.00' }, 'amount'],
    ['a range that ends before it begins', { ...RANGE, endDt: '2026-06-30' }, 'endDt'],
    ['a range of 31 days', { ...RANGE, endDt: '2026-07-31' }, 'endDt'],
  ])('answers VDE02 for %s', (_, fields, field) => {
    expect(read(fields)).toMatchObject({ outcome: 'refused', code: 'VDE02', field });
  });

  it('answers VDE01 for a body that holds no transaction or no device', () => {
    expect(readQuery(null, DEFAULT_RULES)).toMatchObject({ code: 'VDE01', field: 'transaction' });
    expect(readQuery([], DEFAULT_RULES)).toMatchObject({ code: 'VDE01', field: 'transaction' });
    const bare = { dataRequest: { transaction: PAGO_MOVIL } };
    expect(readQuery(bare, DEFAULT_RULES)).toMatchObject({ code: 'VDE01', field: 'device.type' });
  });

  it('answers VDE01 for a transaction without any field', () => {
    expect(read({})).toMatchObject({ code: 'VDE01', operation: 'unrecognised' });
  });
});
