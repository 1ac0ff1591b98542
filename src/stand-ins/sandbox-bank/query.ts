import { daysBetween, type LocalDate, parseLocalDate } from '../../kernel/local-date.js';
import type { BankRules } from './bank-options.js';

/** This bank's own code; a transfer from it is one within the bank. */
export const OWN_BANK = '0134';

interface LookUp {
  /** As asked. */
  readonly reference: string;
  readonly bank: string;
  /** The amount asked in minor units; the bank never compares it. */
  readonly amountMinor: bigint;
}

/** What is asked, once the set of fields has decided the modality. */
export type Query =
  | (LookUp & {
      readonly operation: 'pago_movil';
      readonly phone: string;
      readonly on: LocalDate;
      readonly account: string | null;
    })
  | (LookUp & {
      readonly operation: 'transfer_same_bank';
      readonly account: string;
      readonly on: LocalDate | null;
    })
  | (LookUp & {
      readonly operation: 'transfer_other_bank';
      readonly account: string;
      readonly on: LocalDate;
    })
  | {
      readonly operation: 'range';
      readonly account: string;
      readonly from: LocalDate;
      readonly to: LocalDate;
    };

export type Operation = Query['operation'] | 'token' | 'unrecognised';

/** A query, or the code that the bank answers instead and the field it is about. */
export type Reading =
  | { readonly outcome: 'query'; readonly query: Query }
  | {
      readonly outcome: 'refused';
      readonly operation: Operation;
      readonly code: 'VDE01' | 'VDE02' | '70001';
      readonly field: string;
    };

/** The fields of `transaction` as sent; blank, zero and absent are the same to the bank. */
interface Fields {
  readonly referenceNumber: string | null;
  readonly accountId: string | null;
  readonly startDt: string | null;
  readonly endDt: string | null;
  readonly phoneNum: string | null;
  readonly bankId: string | null;
  readonly amountMinor: bigint;
}

const SHAPES: readonly (readonly [keyof Fields, (text: string) => boolean])[] = [
  // Six digits are the least the bank compares.
  ['referenceNumber', (text) => /^\d{6,20}$/.test(text)],
  ['accountId', (text) => /^\d{20}$/.test(text)],
  ['startDt', (text) => parseLocalDate(text) !== null],
  ['endDt', (text) => parseLocalDate(text) !== null],
  ['phoneNum', (text) => /^58\d{10}$/.test(text)],
  ['bankId', (text) => /^\d{4}$/.test(text)],
];

const refused = (
  operation: Operation,
  code: 'VDE01' | 'VDE02' | '70001',
  field: string,
): Reading => ({ outcome: 'refused', operation, code, field });

/** Reads a request body: one address serves every modality, and the fields sent decide which it is. */
export function readQuery(body: unknown, rules: BankRules): Reading {
  const request = record(record(body)?.['dataRequest']);
  const transaction = record(request?.['transaction']);
  if (transaction === null) return refused('unrecognised', 'VDE01', 'transaction');
  const device = record(request?.['device']);
  const unsaid = ['type', 'description', 'ipAddress'].find(
    (name) => typeof device?.[name] !== 'string',
  );
  if (unsaid !== undefined) return refused('unrecognised', 'VDE01', `device.${unsaid}`);
  const fields = readFields(transaction);
  if (typeof fields === 'string') return refused('unrecognised', 'VDE02', fields);
  const operation = modalityOf(fields);
  if (operation === null) return refused('unrecognised', 'VDE01', 'referenceNumber');
  return READERS[operation](fields, rules);
}

const record = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;

/** The fields, or the name of the first that has a bad format. */
function readFields(sent: Readonly<Record<string, unknown>>): Fields | string {
  const texts: Record<string, string | null> = {};
  for (const [name, fits] of SHAPES) {
    const value = sent[name];
    const blank = value === undefined || value === null || value === '';
    if (!blank && (typeof value !== 'string' || !fits(value))) return name;
    texts[name] = blank ? null : value;
  }
  const amount = sent['amount'] ?? 0;
  if (typeof amount !== 'number') return 'amount';
  const amountMinor = BigInt(Math.round(amount * 100));
  return { ...(texts as unknown as Omit<Fields, 'amountMinor'>), amountMinor };
}

function modalityOf(fields: Fields): Query['operation'] | null {
  if (fields.endDt !== null) return 'range';
  if (fields.phoneNum !== null) return 'pago_movil';
  if (fields.bankId === OWN_BANK) return 'transfer_same_bank';
  if (fields.referenceNumber === null && fields.accountId === null) return null;
  return 'transfer_other_bank';
}

const READERS: Readonly<Record<Query['operation'], (fields: Fields, rules: BankRules) => Reading>> =
  {
    pago_movil: (fields, rules) => {
      const {
        referenceNumber: reference,
        phoneNum: phone,
        bankId: bank,
        startDt,
        accountId,
      } = fields;
      if (reference === null) return refused('pago_movil', 'VDE01', 'referenceNumber');
      if (bank === null) return refused('pago_movil', 'VDE01', 'bankId');
      if (startDt === null || phone === null) return refused('pago_movil', 'VDE01', 'startDt');
      if (accountId !== null && rules.pagoMovilAccount === 'refused') {
        return refused('pago_movil', '70001', 'accountId');
      }
      const { amountMinor } = fields;
      const on = startDt as LocalDate;
      return query({
        operation: 'pago_movil',
        reference,
        phone,
        bank,
        on,
        account: accountId,
        amountMinor,
      });
    },

    transfer_same_bank: (fields, rules) => {
      const { referenceNumber: reference, accountId: account, startDt, amountMinor } = fields;
      if (reference === null) return refused('transfer_same_bank', 'VDE01', 'referenceNumber');
      if (account === null) return refused('transfer_same_bank', 'VDE01', 'accountId');
      if (startDt !== null && rules.internalTransferDate === 'refused') {
        return refused('transfer_same_bank', '70001', 'startDt');
      }
      const on = startDt as LocalDate | null;
      return query({
        operation: 'transfer_same_bank',
        reference,
        account,
        bank: OWN_BANK,
        on,
        amountMinor,
      });
    },

    transfer_other_bank: (fields) => {
      const {
        referenceNumber: reference,
        accountId: account,
        bankId: bank,
        startDt,
        amountMinor,
      } = fields;
      if (reference === null) return refused('transfer_other_bank', 'VDE01', 'referenceNumber');
      if (account === null) return refused('transfer_other_bank', 'VDE01', 'accountId');
      if (bank === null) return refused('transfer_other_bank', 'VDE01', 'bankId');
      if (startDt === null) return refused('transfer_other_bank', 'VDE01', 'startDt');
      const on = startDt as LocalDate;
      return query({ operation: 'transfer_other_bank', reference, account, bank, on, amountMinor });
    },

    range: (fields, rules) => {
      // Seen in production: without a reference the bank asks for one, unless listing was granted.
      if (!rules.rangeListing) return refused('range', 'VDE01', 'referenceNumber');
      const { accountId: account, startDt, endDt } = fields;
      if (account === null) return refused('range', 'VDE01', 'accountId');
      if (startDt === null || endDt === null) return refused('range', 'VDE01', 'startDt');
      const surplus = (['referenceNumber', 'phoneNum', 'bankId'] as const).find(
        (name) => fields[name] !== null,
      );
      if (surplus !== undefined) return refused('range', '70001', surplus);
      const [from, to] = [startDt as LocalDate, endDt as LocalDate];
      const days = daysBetween(from, to) + 1;
      if (days < 1 || days > rules.listingMaxDays) return refused('range', 'VDE02', 'endDt');
      return query({ operation: 'range', account, from, to });
    },
  };

const query = (read: Query): Reading => ({ outcome: 'query', query: read });
