import { daysBetween, type LocalDate } from '../../../kernel/local-date.js';
import { formatMinor } from '../../../kernel/money.js';
import type { BankAnswer } from '../../../matching/bank-answer.js';
import type { Movement } from '../../../matching/movement.js';
import type { PaymentClaim } from '../../../matching/payment-claim.js';
import { BankAdapter, type BankQuestion, type Reading } from '../../bank-adapter.js';
import type { BankCapabilities } from '../../bank-gateway.port.js';
import type { AnsweredReply } from '../../http/bank-reply.js';
import { type CodeMeaning, meaningOf } from './banesco.codes.js';
import { BANESCO, type BanescoConfig } from './banesco.config.js';
import {
  HIDDEN_ROW,
  readEnvelope,
  readRow,
  requestBody,
  type RowContext,
  type TransactionFields,
} from './banesco.wire.js';

type AdapterSettings = Pick<
  BanescoConfig,
  | 'baseUrl'
  | 'transactionsPath'
  | 'deviceAddress'
  | 'internalTransferSendsDate'
  | 'pagoMovilSendsAccount'
  | 'listingGranted'
  | 'commissionBasisPoints'
  | 'listingMaxDays'
  | 'referenceDigits'
  | 'timeoutMs'
>;

/** Banesco's confirmation of transactions: one address, and the set of fields decides what is asked. */
export class BanescoAdapter extends BankAdapter {
  readonly capabilities: BankCapabilities;

  constructor(private readonly settings: AdapterSettings) {
    super();
    this.capabilities = {
      bank: BANESCO,
      // No source knows a modality for card deposits.
      lookUpKinds: ['pago_movil', 'transfer'],
      listing: settings.listingGranted ? { maxDays: settings.listingMaxDays } : null,
      lookUpHasSideEffects: false,
      // Asked for 11 566.72 it answered 200 with a movement of 4 717.
      amountCheckedByBank: false,
      referenceDigits: settings.referenceDigits,
      leastReferenceDigits: settings.referenceDigits,
      callDeadlineMs: settings.timeoutMs,
      commissionBasisPoints: settings.commissionBasisPoints,
      payerFields: { pago_movil: ['phone'], transfer: [], card_deposit: [] },
    };
  }

  lookUp(claim: PaymentClaim, on: LocalDate, askId: string): BankQuestion | null {
    const fields = this.fieldsFor(claim, on);
    if (fields === null) return null;
    const amount = formatMinor(claim.amountMinor, claim.currency);
    const account = fields.accountId ?? null;
    return this.question(askId, fields, amount, { bank: BANESCO, account, isListing: false });
  }

  list(account: string, from: LocalDate, to: LocalDate, askId: string): BankQuestion | null {
    const days = daysBetween(from, to) + 1;
    if (!this.settings.listingGranted || days < 1 || days > this.settings.listingMaxDays) {
      return null;
    }
    const fields = { referenceNumber: '', accountId: account, startDt: from, endDt: to };
    return this.question(askId, fields, '0', { bank: BANESCO, account, isListing: true });
  }

  /** A field too many or too few does not fail: it finds nothing, silently. */
  private fieldsFor(claim: PaymentClaim, on: LocalDate): TransactionFields | null {
    const { originBank: bankId, receivingAccount: accountId } = claim;
    const tail = claim.reference.slice(-this.settings.referenceDigits);
    if (tail.length < this.settings.referenceDigits) return null;
    if (claim.kind === 'pago_movil') {
      // The payer's phone; asking with the receiver's found nothing.
      const phoneNum = claim.payerPhone?.replace(/^\+/, '') ?? '';
      if (!/^58\d{10}$/.test(phoneNum)) return null;
      const fields = { referenceNumber: tail, phoneNum, bankId, startDt: on };
      return this.settings.pagoMovilSendsAccount ? { ...fields, accountId } : fields;
    }
    if (claim.kind !== 'transfer') return null;
    if (bankId !== BANESCO) return { referenceNumber: tail, accountId, bankId, startDt: on };
    const whole = { referenceNumber: claim.reference, accountId, bankId };
    return this.settings.internalTransferSendsDate ? { ...whole, startDt: on } : whole;
  }

  private question(
    askId: string,
    fields: TransactionFields,
    amount: string,
    context: RowContext,
  ): BankQuestion {
    const sender = { ipAddress: this.settings.deviceAddress, sessionId: askId };
    return {
      request: {
        endpoint: 'transactions',
        method: 'POST',
        url: this.settings.baseUrl.replace(/\/+$/, '') + this.settings.transactionsPath,
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: requestBody(fields, amount, sender),
      },
      read: (reply) => read(reply, context),
    };
  }
}

/** The body speaks first: the bank's code, wherever there is one; the HTTP status only where there is none. */
function read(reply: AnsweredReply, context: RowContext): Reading {
  const envelope = readEnvelope(reply.body);
  const code = envelope?.code ?? null;
  if (envelope === null || code === null) {
    return { ...byStatus(reply), problems: [envelope === null ? 'not_json' : 'no_code'] };
  }
  const meaning = meaningOf(code);
  // Nobody explained this code, so it says as much as no body: a refused token or a full window is in the status then.
  if (meaning === null) return { ...byStatus(reply), bankCode: code, problems: ['unknown_code'] };
  if (meaning !== 'rows') return reading(answerFor(meaning, reply), code);
  return readRows(envelope.rows, code, context);
}

function readRows(rows: readonly unknown[] | null, code: string, context: RowContext): Reading {
  // An answer that names no list has not said that there is nothing.
  if (rows === null) return reading({ outcome: 'unavailable' }, code, ['no_rows_field']);
  if (rows.length === 0) return reading({ outcome: 'not_visible_yet' }, code);
  const movements: Movement[] = [];
  for (const row of rows) {
    const movement = readRow(row, context);
    const isHidden = movement === HIDDEN_ROW;
    // Leaving one row out could turn "two that fit" into "one that fits"; a listing is about many claims, and each of
    // them can still be asked about alone.
    if (movement === null || (isHidden && context.isListing)) {
      return reading({ outcome: 'unavailable' }, code, ['malformed_row']);
    }
    if (!isHidden) movements.push(movement);
  }
  const hidden = rows.length - movements.length;
  if (hidden === 0) return reading({ outcome: 'found', movements }, code);
  return reading({ outcome: 'found', movements, hidden }, code, ['hidden_reference']);
}

function byStatus(reply: AnsweredReply): Reading {
  if (reply.httpStatus === 429) return reading(answerFor('rate_limited', reply), null);
  // 401 in QA, 403 in production.
  return reply.httpStatus === 401 || reply.httpStatus === 403
    ? reading({ outcome: 'credentials_refused' }, null)
    : reading({ outcome: 'unavailable' }, null);
}

function answerFor(meaning: Exclude<CodeMeaning, 'rows'>, reply: AnsweredReply): BankAnswer {
  return meaning === 'rate_limited' || meaning === 'maintenance'
    ? { outcome: meaning, retryAfterMs: reply.retryAfterMs }
    : { outcome: meaning };
}

const reading = (
  answer: BankAnswer,
  bankCode: string | null,
  problems: readonly string[] = [],
): Reading => ({
  answer,
  bankCode,
  refusesAuthorization: answer.outcome === 'credentials_refused',
  problems,
  next: null,
});
