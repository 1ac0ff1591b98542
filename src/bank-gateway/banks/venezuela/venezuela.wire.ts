// Requests and answers of "API Conciliación" and "API Consulta de Movimiento" exactly as the bank spells them.
import { type LocalDate, parseLocalDate } from '../../../kernel/local-date.js';
import {
  type Currency,
  MAX_AMOUNT_MINOR,
  parseCurrency,
  parseDecimalMinor,
} from '../../../kernel/money.js';
import type { Movement } from '../../../matching/movement.js';
import { isRecord, parseExactJson, textOf } from '../../http/exact-json.js';

/** `+584125550131` as this bank writes it; null for what is no Venezuelan number. */
export function nationalPhone(phone: string | null): string | null {
  const digits = /^\+58(\d{10})$/.exec(phone ?? '')?.[1];
  return digits === undefined ? null : `0${digits}`;
}

/** `2026-07-10` as the listing wants it: `10/07/2026`. */
export const slashedDate = (date: LocalDate): string => date.split('-').reverse().join('/');

export interface Envelope {
  /** `1000` or `1010`: a number from the one service, a text from the other. */
  readonly code: string | null;
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Null when the body is no JSON object at all. */
export function readEnvelope(body: Buffer): Envelope | null {
  const parsed = parseExactJson(body);
  if (!isRecord(parsed)) return null;
  const { code, message, data } = parsed;
  return { code: textOf(code), message: textOf(message) ?? '', data: isRecord(data) ? data : {} };
}

/**
 * Reads `36.960,41`, `-0,13`, `1.0` and `120`. A point is a decimal one only where at most two digits follow it:
 * `1.825` could be either, so it is neither.
 */
export function readAmount(text: string, currency: Currency): bigint | null {
  const unsigned = text.trim().replace(/^[+-]/, '');
  const plain = /^\d{1,3}(\.\d{3})+,\d{1,2}$|^\d+,\d{1,2}$/.test(unsigned)
    ? unsigned.replaceAll('.', '').replace(',', '.')
    : unsigned;
  if (!/^\d+(\.\d{1,2})?$/.test(plain)) return null;
  const minor = parseDecimalMinor(plain, currency);
  return minor === null || minor > MAX_AMOUNT_MINOR ? null : minor;
}

const DIRECTIONS: Readonly<Record<string, Movement['direction']>> = {
  CREDITO: 'credit',
  CRÉDITO: 'credit',
  DEBITO: 'debit',
  DÉBITO: 'debit',
};

export interface StatementContext {
  readonly bank: string;
  readonly account: string;
  /** How many last digits of a statement's reference are the payment's; the bank puts a prefix of its own before. */
  readonly referenceDigits: number;
}

/** A row of the statement in our words; null when one of its fields cannot be what the bank means. */
export function readRow(row: unknown, context: StatementContext): Movement | null {
  if (!isRecord(row)) return null;
  const fieldText = (name: string): string => textOf(row[name]) ?? '';
  const direction = DIRECTIONS[fieldText('mov').toUpperCase()];
  const bankOn = dateOf(fieldText('fecha'));
  const reference = fieldText('referencia');
  // The statement names no currency: it was asked for the account in bolívares.
  const currency = parseCurrency('VES');
  if (direction === undefined || bankOn === null || currency === null) return null;
  const amountMinor = readAmount(fieldText('importe'), currency);
  if (amountMinor === null || !/^\d{1,20}$/.test(reference)) return null;
  return {
    bank: context.bank,
    account: context.account,
    direction,
    amountMinor,
    currency,
    bankOn,
    bankTime: timeOf(fieldText('hora')),
    reference: reference.slice(-context.referenceDigits),
    payerPhoneMask: phoneMaskIn(fieldText('observacion')),
    // Not `observacion`: it holds names and documents.
    concept: fieldText('descripcion'),
  };
}

/** The cursor of the page after this row; null when it has none. */
export const cursorOf = (row: unknown): string | null =>
  isRecord(row) ? textOf(row['nroMov']) : null;

function dateOf(text: string): LocalDate | null {
  const slashed = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text);
  return parseLocalDate(slashed === null ? text : `${slashed[3]}-${slashed[2]}-${slashed[1]}`);
}

function timeOf(text: string): string | null {
  const [, hours, minutes] = /^([01]\d|2[0-3])([0-5]\d)$/.exec(text) ?? [];
  return hours === undefined ? null : `${hours}:${minutes}:00`;
}

/** `PAGOMOVIL OTROS BANCOS 0134 04125550131`: the bank shows the whole phone, we keep its last two digits. */
function phoneMaskIn(observation: string): string | null {
  const phone = /\b04\d{9}\b/.exec(observation)?.[0];
  return phone === undefined ? null : `*********${phone.slice(-2)}`;
}
