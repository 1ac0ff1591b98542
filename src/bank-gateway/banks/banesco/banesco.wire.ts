// Requests and answers of "Confirmación de Transacciones" exactly as the bank spells them.
import { type LocalDate, parseLocalDate } from '../../../kernel/local-date.js';
import {
  MAX_AMOUNT_MINOR,
  type Money,
  parseCurrency,
  parseDecimalMinor,
} from '../../../kernel/money.js';
import type { Movement } from '../../../matching/movement.js';
import { isRecord, parseExactJson, textOf } from '../../http/exact-json.js';

/** The fields of `transaction`; which of them are sent decides what is asked. */
export interface TransactionFields {
  readonly referenceNumber: string;
  readonly accountId?: string;
  readonly phoneNum?: string;
  readonly bankId?: string;
  readonly startDt?: LocalDate;
  readonly endDt?: LocalDate;
}

/** Stands in the body until the exact decimal takes its place: a double would round large amounts. */
const AMOUNT_MARK = '<amount>';

/** `amount` is a decimal text such as `1240.50`, written into the JSON as a number. */
export function requestBody(
  fields: TransactionFields,
  amount: string,
  sender: { readonly ipAddress: string; readonly sessionId: string },
): string {
  const body = JSON.stringify({
    dataRequest: {
      device: { type: 'Server', description: 'constancia', ipAddress: sender.ipAddress },
      securityAuth: { sessionId: sender.sessionId },
      transaction: { ...fields, amount: AMOUNT_MARK },
    },
  });
  return body.replace(`"${AMOUNT_MARK}"`, amount);
}

/** An answer's envelope. `rows` is null when the answer has no list, which is not the same as an empty one. */
export interface Envelope {
  readonly code: string | null;
  readonly rows: readonly unknown[] | null;
}

/** Null when the body is no JSON object at all. */
export function readEnvelope(body: Buffer): Envelope | null {
  const parsed = parseExactJson(body);
  if (!isRecord(parsed)) return null;
  const { httpStatus, dataResponse } = parsed;
  const code = isRecord(httpStatus) ? textOf(httpStatus['statusCode']) : null;
  const detail = isRecord(dataResponse) ? dataResponse['transactionDetail'] : null;
  return { code: code?.toUpperCase() ?? null, rows: listOf(detail) };
}

/** One row may come bare instead of in a list. */
function listOf(detail: unknown): readonly unknown[] | null {
  if (Array.isArray(detail)) return detail;
  return isRecord(detail) ? [detail] : null;
}

const DIRECTIONS: Readonly<Record<string, Movement['direction']>> = {
  CR: 'credit',
  DB: 'debit',
  ID: 'debit',
};

/** What was asked decides what `accountId` of a row is. */
export interface RowContext {
  readonly bank: string;
  /** The account asked for; null when none was named. */
  readonly account: string | null;
  /** A listing speaks of the account asked for, whatever the field holds. */
  readonly isListing: boolean;
}

/** A row whose reference the bank masks, or writes in no digits: a payment is there, and nobody can tell whose. */
export const HIDDEN_ROW = 'hidden';

/** A row in our words; null when one of its fields cannot be what the bank means. */
export function readRow(row: unknown, context: RowContext): Movement | typeof HIDDEN_ROW | null {
  if (!isRecord(row)) return null;
  const fieldText = (name: string): string => textOf(row[name]) ?? '';
  const direction = DIRECTIONS[fieldText('trnType').toUpperCase()];
  const bankOn = parseLocalDate(fieldText('trnDate'));
  const reference = fieldText('referenceNumber');
  if (direction === undefined || bankOn === null) return null;
  const money = readMoney(fieldText('amount'), fieldText('currencyCode'), direction);
  if (money === null) return null;
  if (!/^\d{1,20}$/.test(reference)) return HIDDEN_ROW;
  const holder = fieldText('accountId');
  return {
    ...money,
    bank: context.bank,
    account: context.isListing || holder === context.account ? context.account : null,
    direction,
    bankOn,
    bankTime: timeOf(fieldText('trnTime')),
    reference,
    payerPhoneMask: /^58\d*\*+\d+$/.test(holder) ? holder : null,
    concept: fieldText('concept'),
  };
}

function readMoney(amount: string, code: string, direction: Movement['direction']): Money | null {
  const currency = parseCurrency(code);
  if (currency === null) return null;
  // Some write a debit with its sign; a credit with one is none that we understand.
  const unsigned = direction === 'debit' ? amount.replace(/^-/, '') : amount;
  const amountMinor = parseDecimalMinor(unsigned, currency);
  return amountMinor === null || amountMinor > MAX_AMOUNT_MINOR ? null : { amountMinor, currency };
}

/** `00.00.00` is how the bank says that it knows only the day. */
function timeOf(text: string): string | null {
  if (text === '00.00.00') return null;
  const time = text.replaceAll('.', ':');
  return /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(time) ? time : null;
}
