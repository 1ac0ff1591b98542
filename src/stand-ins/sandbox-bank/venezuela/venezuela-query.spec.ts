import type { LocalDate } from '../../../kernel/local-date.js';
import { readLookUp, readStatement } from './venezuela-query.js';

const TODAY = '2026-07-12' as LocalDate;
const LOOK_UP = {
  cedulaPagador: 'V12345678',
  telefonoPagador: '04125550131',
  telefonoDestino: '04125550100',
  referencia: '00473078',
  fechaPago: '2026-07-10',
  importe: '1240.50',
  bancoOrigen: '0134',
  reqCed: false,
};
const STATEMENT = {
  cuenta: '01020001600000000017',
  fechaIni: '10/07/2026',
  fechaFin: '11/07/2026',
  tipoMoneda: 'VES',
  nroMovimiento: '',
};

describe('reading a look-up of the second bank', () => {
  it('takes it as the manual spells it', () => {
    expect(readLookUp(LOOK_UP)).toEqual({
      outcome: 'query',
      query: {
        payerPhone: '04125550131',
        receivingPhone: '04125550100',
        reference: '00473078',
        on: '2026-07-10',
        amountMinor: 124_050n,
        payerBank: '0134',
      },
    });
  });

  it.each<readonly [string, Record<string, unknown>]>([
    ['telefonoPagador', { telefonoPagador: '584125550131' }],
    ['telefonoDestino', { telefonoDestino: undefined }],
    ['referencia', { referencia: '47-3078' }],
    ['fechaPago', { fechaPago: '10/07/2026' }],
    ['fechaPago', { fechaPago: '2026-02-30' }],
    ['importe', { importe: 1240.5 }],
    ['importe', { importe: '1.240,50' }],
    ['bancoOrigen', { bancoOrigen: '134' }],
    ['reqCed', { reqCed: 'no' }],
    ['reqCed', { reqCed: true, cedulaPagador: '' }],
    ['monto', { monto: '1' }],
  ])('refuses %s: %p', (field, change) => {
    expect(readLookUp({ ...LOOK_UP, ...change })).toEqual({ outcome: 'refused', field });
  });

  it('refuses what is no object', () => {
    expect(readLookUp(null)).toEqual({ outcome: 'refused', field: 'cuerpo' });
  });
});

describe('reading a question for a page of the statement', () => {
  it('takes several days that are over', () => {
    expect(readStatement(STATEMENT, TODAY)).toEqual({
      outcome: 'query',
      query: { account: STATEMENT.cuenta, from: '2026-07-10', to: '2026-07-11', cursor: '' },
    });
  });

  it('takes the current day alone', () => {
    const today = { fechaIni: '12/07/2026', fechaFin: '12/07/2026', nroMovimiento: '100' };
    expect(readStatement({ ...STATEMENT, ...today }, TODAY)).toMatchObject({
      query: { from: TODAY, to: TODAY, cursor: '100' },
    });
  });

  it.each<readonly [string, Record<string, unknown>]>([
    ['fechaFin', { fechaFin: '12/07/2026' }],
    ['fechaFin', { fechaFin: '09/07/2026' }],
    ['fechaIni', { fechaIni: '2026-07-10' }],
    ['cuenta', { cuenta: '0102' }],
    ['tipoMoneda', { tipoMoneda: 'USD' }],
    ['nroMovimiento', { nroMovimiento: null }],
  ])('refuses %s: %p', (field, change) => {
    expect(readStatement({ ...STATEMENT, ...change }, TODAY)).toEqual({
      outcome: 'refused',
      field,
    });
  });
});
