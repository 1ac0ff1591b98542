import { formatMinor, parseCurrency } from '../../kernel/money.js';
import type { LedgerMovement } from './movement.js';
import { tailOf, withoutZeros } from './digits.js';

/** One row of `transactionDetail` as the bank spells it: padded, masked, shortened. */
export interface TransactionDetail {
  readonly referenceNumber: string | number;
  readonly amount: string | number;
  readonly currencyCode: string;
  readonly accountId: string;
  readonly trnDate: string;
  readonly trnTime: string;
  readonly trnType: string;
  readonly sourceBankId: string;
  readonly destBankId: string;
  readonly concept: string;
  readonly customerIdBen: string;
  readonly exchangeRate: number;
}

const CONCEPT_WIDTH = 40;

/** Spells a movement; the receiver's document is made up, and the bank codes are the bank's own. */
export function transactionDetail(movement: LedgerMovement): TransactionDetail {
  const amount = decimal(movement);
  return {
    referenceNumber: reference(movement),
    amount: movement.amountAs === 'number' ? Number(amount) : amount,
    currencyCode: movement.currency === 'VES' ? 'BS ' : movement.currency,
    // The meaning of this field depends on the modality; for a Pago Móvil it is the payer's phone.
    accountId:
      movement.kind === 'pago_movil' && movement.payerPhone !== null
        ? maskedPhone(movement.payerPhone)
        : movement.account,
    trnDate: movement.on,
    trnTime: movement.time ?? '00.00.00',
    trnType: movement.direction === 'credit' ? 'CR' : 'DB',
    sourceBankId: '134',
    destBankId: movement.kind === 'pago_movil' ? '   ' : '134',
    concept: movement.concept.padEnd(CONCEPT_WIDTH),
    customerIdBen: 'J000000000'.padEnd(15),
    exchangeRate: 0,
  };
}

function reference({ reference, spelling }: LedgerMovement): string {
  if (spelling === 'tail6') return tailOf(reference);
  return spelling === 'stripped' ? withoutZeros(reference) : reference;
}

function decimal({ amountMinor, currency }: LedgerMovement): string {
  const known = parseCurrency(currency);
  if (known === null) throw new Error(`unknown currency ${currency}`);
  return formatMinor(amountMinor, known);
}

/** `+584141234567` -> `5841********4567`. */
const maskedPhone = (phone: string): string => `${phone.slice(1, 5)}********${phone.slice(-4)}`;
