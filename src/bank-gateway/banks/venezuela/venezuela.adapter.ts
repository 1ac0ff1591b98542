import { daysBetween, type LocalDate } from '../../../kernel/local-date.js';
import { formatMinor } from '../../../kernel/money.js';
import type { BankAnswer } from '../../../matching/bank-answer.js';
import type { Movement } from '../../../matching/movement.js';
import type { PaymentClaim } from '../../../matching/payment-claim.js';
import { BankAdapter, type BankQuestion, type Reading } from '../../bank-adapter.js';
import type { BankCapabilities } from '../../bank-gateway.port.js';
import type { AnsweredReply } from '../../http/bank-reply.js';
import { textOf } from '../../http/exact-json.js';
import { meaningOf } from './venezuela.codes.js';
import { VENEZUELA, type VenezuelaConfig } from './venezuela.config.js';
import {
  cursorOf,
  type Envelope,
  nationalPhone,
  readAmount,
  readEnvelope,
  readRow,
  slashedDate,
} from './venezuela.wire.js';

// A full page; a shorter one is the last.
const PAGE_ROWS = 100;

type AdapterSettings = Pick<
  VenezuelaConfig,
  | 'lookUpUrl'
  | 'listingUrl'
  | 'receivingPhone'
  | 'listingGranted'
  | 'listingMaxDays'
  | 'referenceDigits'
  | 'statementReferenceDigits'
  | 'commissionBasisPoints'
  | 'timeoutMs'
>;

interface Statement {
  readonly account: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** Banco de Venezuela: a look-up that marks the payment as reconciled, and a statement in pages. */
export class VenezuelaAdapter extends BankAdapter {
  readonly capabilities: BankCapabilities;

  constructor(private readonly settings: AdapterSettings) {
    super();
    this.capabilities = {
      bank: VENEZUELA,
      lookUpKinds: ['pago_movil'],
      listing: settings.listingGranted ? { maxDays: settings.listingMaxDays } : null,
      // A second look-up half a minute later is told that the payment is reconciled already.
      lookUpHasSideEffects: true,
      amountCheckedByBank: true,
      referenceDigits: settings.referenceDigits,
      leastReferenceDigits: settings.referenceDigits,
      callDeadlineMs: settings.timeoutMs,
      commissionBasisPoints: settings.commissionBasisPoints,
      payerFields: { pago_movil: ['phone'], transfer: [], card_deposit: [] },
    };
  }

  lookUp(claim: PaymentClaim, on: LocalDate, _askId: string): BankQuestion | null {
    const payerPhone = nationalPhone(claim.payerPhone);
    if (claim.kind !== 'pago_movil' || payerPhone === null) return null;
    if (claim.reference.length < this.settings.referenceDigits) return null;
    const document = claim.payerDocument ?? '';
    const body = {
      cedulaPagador: document,
      telefonoPagador: payerPhone,
      telefonoDestino: this.settings.receivingPhone,
      referencia: claim.reference,
      fechaPago: on,
      importe: formatMinor(claim.amountMinor, claim.currency),
      bancoOrigen: claim.originBank,
      // Between banks the network carries no document, so only a payment within the bank can be checked for it.
      reqCed: claim.originBank === VENEZUELA && document !== '',
    };
    const read = (reply: AnsweredReply) =>
      this.interpret(reply, (envelope) => reported(envelope, claim, on));
    return { request: request('look_up', this.settings.lookUpUrl, body), read };
  }

  list(account: string, from: LocalDate, to: LocalDate, _askId: string): BankQuestion | null {
    const days = daysBetween(from, to) + 1;
    if (!this.settings.listingGranted || days < 1 || days > this.settings.listingMaxDays) {
      return null;
    }
    return this.page({ account, from, to }, '');
  }

  private page(statement: Statement, cursor: string): BankQuestion {
    const { account, from, to } = statement;
    const body = {
      cuenta: account,
      fechaIni: slashedDate(from),
      fechaFin: slashedDate(to),
      tipoMoneda: 'VES',
      nroMovimiento: cursor,
    };
    const read = (reply: AnsweredReply) =>
      this.interpret(reply, (envelope) => this.rows(envelope, statement, cursor));
    return { request: request('statement', this.settings.listingUrl, body), read };
  }

  /** The body speaks first; the HTTP status only where the body says nothing. */
  private interpret(reply: AnsweredReply, rows: (envelope: Envelope) => Reading): Reading {
    const envelope = readEnvelope(reply.body);
    const code = envelope?.code ?? null;
    if (envelope === null || code === null) {
      return { ...byStatus(reply), problems: [envelope === null ? 'not_json' : 'no_code'] };
    }
    const meaning = meaningOf(code, envelope.message);
    // Nobody explained this code, so it says as much as no body.
    if (meaning === null) return { ...byStatus(reply), bankCode: code, problems: ['unknown_code'] };
    if (meaning === 'rows' || meaning === 'other_amount') return rows(envelope);
    return reading(withPause(meaning, reply), code);
  }

  private rows({ code, data }: Envelope, statement: Statement, cursor: string): Reading {
    const list = data['movs'];
    // An answer that names no list has not said that there is nothing.
    if (!Array.isArray(list)) return reading({ outcome: 'unavailable' }, code, ['no_rows_field']);
    if (list.length === 0) return reading({ outcome: 'not_visible_yet' }, code);
    const { statementReferenceDigits: referenceDigits } = this.settings;
    const context = { bank: VENEZUELA, account: statement.account, referenceDigits };
    const movements = list.map((row: unknown) => readRow(row, context));
    const sound = movements.filter((movement) => movement !== null);
    if (sound.length < movements.length) {
      return reading({ outcome: 'unavailable' }, code, ['malformed_row']);
    }
    const found = reading({ outcome: 'found', movements: sound }, code);
    if (list.length < PAGE_ROWS) return found;
    const last = cursorOf(list.at(-1));
    // A full page without a way to the next one leaves the list unknown.
    return last === null || last === cursor
      ? reading({ outcome: 'unavailable' }, code, ['no_cursor'])
      : { ...found, next: this.page(statement, last) };
  }
}

/**
 * The one payment of a look-up. The bank reports its amount and echoes the rest, so what was asked stands in for
 * what it does not say.
 */
function reported(envelope: Envelope, claim: PaymentClaim, on: LocalDate): Reading {
  const { code, data, message } = envelope;
  const isOther = code !== '1000';
  const said = isOther
    ? (/monto\s*:\s*([\d.,]+)/i.exec(message)?.[1] ?? '')
    : (textOf(data['amount']) ?? '');
  const amountMinor = readAmount(said, claim.currency);
  if (amountMinor === null) return reading({ outcome: 'unavailable' }, code, ['malformed_row']);
  // Another amount that is the amount asked for is no answer to rest a verdict on.
  if (isOther && amountMinor === claim.amountMinor) {
    return reading({ outcome: 'unavailable' }, code, ['contradictory_answer']);
  }
  const reference = textOf(data['referencia']) ?? claim.reference;
  if (!/^\d{1,20}$/.test(reference)) {
    return reading({ outcome: 'found', movements: [], hidden: 1 }, code, ['hidden_reference']);
  }
  const movement: Movement = {
    bank: VENEZUELA,
    account: null,
    direction: 'credit',
    amountMinor,
    currency: claim.currency,
    bankOn: on,
    bankTime: null,
    reference,
    payerPhoneMask: null,
    concept: '',
  };
  return reading({ outcome: 'found', movements: [movement] }, code);
}

const request = (endpoint: string, url: string, body: object): BankQuestion['request'] => ({
  endpoint,
  method: 'POST',
  url,
  headers: { 'content-type': 'application/json', accept: 'application/json' },
  body: JSON.stringify(body),
});

function byStatus(reply: AnsweredReply): Reading {
  if (reply.httpStatus === 429) return reading(withPause('rate_limited', reply), null);
  return reply.httpStatus === 401 || reply.httpStatus === 403
    ? reading({ outcome: 'credentials_refused' }, null)
    : reading({ outcome: 'unavailable' }, null);
}

function withPause(
  meaning: Exclude<BankAnswer['outcome'], 'found'>,
  { retryAfterMs }: AnsweredReply,
): BankAnswer {
  return meaning === 'rate_limited' || meaning === 'maintenance'
    ? { outcome: meaning, retryAfterMs }
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
