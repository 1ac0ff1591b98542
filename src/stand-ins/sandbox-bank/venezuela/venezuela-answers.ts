import { formatMinor, parseCurrency } from '../../../kernel/money.js';
import { type Answer, json } from '../answer.js';
import type { LedgerMovement } from '../movement.js';

/** Everything but success: 1010, on HTTP 200, and only the wording tells what it was. */
export const notDone = (message: string): Answer =>
  json(200, { code: 1010, message, data: null, status: 200 });

export const nothing = (): Answer =>
  notDone('No se pudo validar el movimiento : Registro solicitado no existe');

export const reconciledBefore = (): Answer =>
  notDone(
    'Pago Móvil procesado exitosamente en el BDV. El movimiento ya fue conciliado anteriormente.',
  );

export const unknownClient = (): Answer => notDone('Cliente no afiliado al producto');

/** The payment is there with another amount than was asked, which the bank names. */
export const otherAmount = (payment: LedgerMovement): Answer =>
  notDone(`monto : ${plain(payment)} - estatus : Transacción realizada`);

/** How the bank words a field that it does not take is not known: this wording is made up. */
export const badField = (field: string): Answer =>
  notDone(`No se pudo validar el movimiento : campo ${field} inválido`);

/** No limit of this bank is documented, and so no answer to a call beyond one: this is HTTP's. */
export const overLimit = (retryAfterSeconds: string | null): Answer => {
  const answer = json(429, { message: 'Too Many Requests' });
  if (retryAfterSeconds === null) return answer;
  return { ...answer, headers: { ...answer.headers, 'retry-after': retryAfterSeconds } };
};

/** The payment that was asked about; its code is a number here and a text in the statement. */
export function done(payment: LedgerMovement): Answer {
  const [amount, reason] = [plain(payment), 'Transacción realizada'];
  return json(200, {
    code: 1000,
    message: `Monto: ${amount} - estatus: ${reason}`,
    data: { status: '1000', amount, reason, referencia: payment.reference },
    status: 200,
  });
}

/** A movement and its number on the statement, which the next page is asked for by. */
export interface Numbered {
  readonly movement: LedgerMovement;
  readonly number: string;
}

export const page = (rows: readonly Numbered[]): Answer =>
  json(200, {
    code: '1000',
    message: '',
    data: { totalOfMovements: rows.length, movs: rows.map(statementRow) },
    status: 200,
  });

// The statement puts figures of its own before the eight digits of a Pago Móvil's reference.
const STATEMENT_PREFIX = '03033';
const REFERENCE_WIDTH = 8;

/** One row as the statement spells it: padded, with a decimal comma, the payer among the remarks. */
function statementRow({ movement, number }: Numbered): object {
  const { direction, reference, on, time, payerBank, payerPhone } = movement;
  return {
    referencia: `${STATEMENT_PREFIX}${reference.padStart(REFERENCE_WIDTH, '0')}`,
    descripcion: 'OPERACION PUNTOYA OTROS BANCOS   ',
    fecha: on,
    hora: (time ?? '10:32:00').slice(0, 5).replace(':', ''),
    mov: direction === 'credit' ? 'CREDITO' : 'DEBITO',
    saldo: '217.947.806,02',
    importe: grouped(movement),
    nroMov: number,
    observacion: `PAGOMOVIL OTROS BANCOS ${payerBank ?? ''} ${nationalPhone(payerPhone)}`,
  };
}

/** `+584125550131` -> `04125550131`. */
export const nationalPhone = (phone: string | null): string =>
  phone === null ? '' : `0${phone.slice(3)}`;

const plain = ({ amountMinor, currency }: LedgerMovement): string => {
  const known = parseCurrency(currency);
  if (known === null) throw new Error(`unknown currency ${currency}`);
  return formatMinor(amountMinor, known);
};

/** `1825.00` as the statement writes it: `1.825,00`, debits with their sign. */
function grouped(movement: LedgerMovement): string {
  const [whole = '', cents = ''] = plain(movement).split('.');
  const sign = movement.direction === 'debit' ? '-' : '';
  return `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, '.')},${cents}`;
}
