import type { LocalDate } from '../../../kernel/local-date.js';
import type { Currency } from '../../../kernel/money.js';
import type { PaymentClaim } from '../../../matching/payment-claim.js';
import type { BankQuestion } from '../../bank-adapter.js';
import { VenezuelaAdapter } from './venezuela.adapter.js';
import { readAmount } from './venezuela.wire.js';

const ACCOUNT = '01020001600000000017';
const DAY = '2026-07-10' as LocalDate;
const VES = 'VES' as Currency;

const settings = {
  lookUpUrl: 'https://bank.example/getMovement',
  listingUrl: 'https://bank.example/movimientos',
  receivingPhone: '04125550100',
  listingGranted: true,
  listingMaxDays: 1,
  referenceDigits: 6,
  statementReferenceDigits: 8,
  commissionBasisPoints: 150,
  timeoutMs: 30_000,
};
const adapterWith = (changes: Partial<typeof settings> = {}) =>
  new VenezuelaAdapter({ ...settings, ...changes });
const claim = (changes: Partial<PaymentClaim> = {}): PaymentClaim => ({
  kind: 'pago_movil',
  originBank: '0134',
  reference: '12345678',
  amountMinor: 124_050n,
  currency: VES,
  paidOn: DAY,
  payerPhone: '+584245550131',
  payerDocument: 'V12345678',
  receivingAccount: ACCOUNT,
  ...changes,
});
const lookUp = (asked = claim()) => adapterWith().lookUp(asked, DAY, 'ask');
const list = (from = DAY, to = DAY, adapter = adapterWith()) =>
  adapter.list(ACCOUNT, from, to, 'ask');
const bodyOf = (question: BankQuestion | null): unknown =>
  JSON.parse(question?.request.body ?? 'null');
const read = (question: BankQuestion | null, answer: unknown, httpStatus = 200) => {
  if (question === null) throw new Error('nothing was asked');
  const body = Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer));
  const contentType = 'application/json';
  return question.read({ kind: 'answered', httpStatus, body, contentType, retryAfterMs: null });
};
const done = (data: unknown) => ({ code: 1000, message: 'Monto: 1.00', data, status: 200 });
const notDone = (message: string) => ({ code: 1010, message, data: null, status: 200 });

describe('asking Banco de Venezuela', () => {
  it('sends all that the look-up wants, the amount as a text with a point', () => {
    expect(bodyOf(lookUp())).toEqual({
      cedulaPagador: 'V12345678',
      telefonoPagador: '04245550131',
      telefonoDestino: '04125550100',
      referencia: '12345678',
      fechaPago: '2026-07-10',
      importe: '1240.50',
      bancoOrigen: '0134',
      reqCed: false,
    });
  });

  it('lets the document be checked only within the bank, and only where there is one', () => {
    expect(bodyOf(lookUp(claim({ originBank: '0102' })))).toMatchObject({ reqCed: true });
    const unnamed = claim({ originBank: '0102', payerDocument: null });
    expect(bodyOf(lookUp(unnamed))).toMatchObject({ reqCed: false, cedulaPagador: '' });
  });

  it.each([
    ['a transfer', claim({ kind: 'transfer' })],
    ['a card deposit', claim({ kind: 'card_deposit' })],
    ['a payment without a phone', claim({ payerPhone: null })],
    ['a phone one digit short', claim({ payerPhone: '+58424555013' })],
    ['a short reference', claim({ reference: '12345' })],
  ])('spends no call on %s', (_, asked) => {
    expect(lookUp(asked)).toBeNull();
  });

  it('asks for the statement of a day', () => {
    expect(bodyOf(list())).toEqual({
      cuenta: ACCOUNT,
      fechaIni: '10/07/2026',
      fechaFin: '10/07/2026',
      tipoMoneda: 'VES',
      nroMovimiento: '',
    });
  });

  it('asks for no range of days unless it may', () => {
    const next = '2026-07-11' as LocalDate;
    expect(list(DAY, next)).toBeNull();
    expect(list(DAY, next, adapterWith({ listingMaxDays: 2 }))).not.toBeNull();
    expect(list(DAY, DAY, adapterWith({ listingGranted: false }))).toBeNull();
  });
});

describe('reading a look-up at Banco de Venezuela', () => {
  it('takes the amount from the bank and the rest from the question', () => {
    const data = { status: '1000', amount: '1240.50', referencia: '12345678' };
    expect(read(lookUp(), done(data)).answer).toMatchObject({
      outcome: 'found',
      movements: [
        { bank: '0102', direction: 'credit', amountMinor: 124_050n, reference: '12345678' },
      ],
    });
  });

  it.each([
    ['No se pudo validar el movimiento : Registro solicitado no existe', 'not_visible_yet'],
    [
      'Pago Móvil procesado exitosamente en el BDV. El movimiento ya fue conciliado anteriormente.',
      'already_reconciled',
    ],
    ['Cliente no afiliado al producto', 'credentials_refused'],
    ['Error interno', 'unavailable'],
    ['', 'unavailable'],
  ])('takes "%s" for "%s"', (message, outcome) => {
    expect(read(lookUp(), notDone(message)).answer.outcome).toBe(outcome);
  });

  it('reports the other amount that the bank names, so that a person decides', () => {
    const answer = notDone('monto : 1.204,50 - estatus : Transacción realizada');
    expect(read(lookUp(), answer).answer).toMatchObject({
      outcome: 'found',
      movements: [{ amountMinor: 120_450n }],
    });
  });

  it('rests nothing on another amount that is the same', () => {
    const answer = notDone('monto : 1240.50 - estatus : Transacción realizada');
    expect(read(lookUp(), answer)).toMatchObject({
      answer: { outcome: 'unavailable' },
      problems: ['contradictory_answer'],
    });
  });

  it('says of a payment whose reference it masks that a row is hidden', () => {
    expect(read(lookUp(), done({ amount: '1240.50', referencia: '****5678' })).answer).toEqual({
      outcome: 'found',
      movements: [],
      hidden: 1,
    });
  });

  it.each([
    ['a code nobody explained', { code: 1020, message: 'ok', data: {} }, 200, 'unavailable'],
    ['a code nobody explained on 429', { code: 429, message: '', data: {} }, 429, 'rate_limited'],
    ['one on 401', { code: 401, message: '', data: {} }, 401, 'credentials_refused'],
    ['success without an amount', done({ referencia: '12345678' }), 200, 'unavailable'],
    ['success with a nonsense amount', done({ amount: 'mil' }), 200, 'unavailable'],
    ['success without data', done(null), 200, 'unavailable'],
    ['a page', '<html></html>', 200, 'unavailable'],
    ['a page on 503', '<html></html>', 503, 'unavailable'],
    ['429', '', 429, 'rate_limited'],
    ['401', '', 401, 'credentials_refused'],
  ])('takes %s for what it is', (_, answer, status, outcome) => {
    expect(read(lookUp(), answer, status).answer.outcome).toBe(outcome);
  });
});

const row = (changes: Readonly<Record<string, unknown>> = {}) => ({
  referencia: '0303312345678',
  descripcion: 'OPERACION PUNTOYA ',
  fecha: '2026-07-10',
  hora: '1032',
  mov: 'CREDITO',
  saldo: '217.947.806,02',
  importe: '1.240,50',
  nroMov: '4922',
  observacion: 'PAGOMOVIL OTROS BANCOS 0134 04245550131',
  ...changes,
});
const statement = (...movs: readonly unknown[]) => ({
  code: '1000',
  message: '',
  data: { totalOfMovements: movs.length, movs },
});

describe('reading a statement of Banco de Venezuela', () => {
  it('puts a row in our words, without the bank’s prefix and without the payer’s phone', () => {
    expect(read(list(), statement(row())).answer).toEqual({
      outcome: 'found',
      movements: [
        {
          bank: '0102',
          account: ACCOUNT,
          direction: 'credit',
          amountMinor: 124_050n,
          currency: 'VES',
          bankOn: '2026-07-10',
          bankTime: '10:32:00',
          reference: '12345678',
          payerPhoneMask: '*********31',
          concept: 'OPERACION PUNTOYA',
        },
      ],
    });
  });

  it('keeps names and documents out', () => {
    const body = row({ observacion: 'PAGOMOVIL BDV V12345678 UNA PERSONA' });
    const { answer } = read(list(), statement(body));
    expect(JSON.stringify(answer, (_key, value: unknown) => String(value))).not.toMatch(/PERSONA/);
    expect(answer).toMatchObject({ movements: [{ payerPhoneMask: null }] });
  });

  it('takes an empty statement for "not visible yet", and none for no answer', () => {
    expect(read(list(), statement()).answer).toEqual({ outcome: 'not_visible_yet' });
    expect(read(list(), done({})).answer).toEqual({ outcome: 'unavailable' });
  });

  it('goes on after a full page from its last row', () => {
    const rows = Array.from({ length: 100 }, (_, at) => row({ nroMov: String(5000 - at) }));
    const { next } = read(list(), statement(...rows));
    expect(bodyOf(next)).toMatchObject({ nroMovimiento: '4901', fechaIni: '10/07/2026' });
    expect(read(next, statement(row())).next).toBeNull();
  });

  it('takes no full page without a way on', () => {
    const rows = Array.from({ length: 100 }, () => row({ nroMov: '' }));
    expect(read(list(), statement(...rows)).answer.outcome).toBe('unavailable');
  });

  it.each([
    ['no type', { mov: '' }],
    ['an unknown type', { mov: 'AJUSTE' }],
    ['no date', { fecha: '' }],
    ['an impossible date', { fecha: '31/02/2026' }],
    ['no amount', { importe: '' }],
    ['an amount that could be two', { importe: '1.825' }],
    ['a reference with letters', { referencia: 'A1234567' }],
  ])('takes no statement with a row that has %s', (_, changes) => {
    expect(read(list(), statement(row(), row(changes)))).toMatchObject({
      answer: { outcome: 'unavailable' },
      problems: ['malformed_row'],
    });
  });

  it.each([
    ['1.825,00', 182_500n],
    ['36.960,41', 3_696_041n],
    ['217.947.806,02', 21_794_780_602n],
    ['-0,13', 13n],
    ['-0.13', 13n],
    ['1.0', 100n],
    ['120', 12_000n],
    ['1240.5', 124_050n],
    ['1.825', null],
    ['1,825', null],
    ['18.25,00', null],
    ['1.825.00', null],
    ['', null],
    ['-', null],
    ['1e3', null],
  ])('reads the amount %s as %s', (text, expected) => {
    expect(readAmount(text, VES)).toBe(expected);
  });
});

describe('saying what Banco de Venezuela can do', () => {
  it('warns that a look-up has an effect', () => {
    expect(adapterWith().capabilities).toMatchObject({
      bank: '0102',
      lookUpKinds: ['pago_movil'],
      listing: { maxDays: 1 },
      lookUpHasSideEffects: true,
      amountCheckedByBank: true,
    });
  });
});
