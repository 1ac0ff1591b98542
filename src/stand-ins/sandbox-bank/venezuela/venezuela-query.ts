import { daysBetween, type LocalDate, parseLocalDate } from '../../../kernel/local-date.js';

/** One payment asked about, with what the bank compares. */
export interface LookUpQuery {
  readonly payerPhone: string;
  readonly receivingPhone: string;
  readonly reference: string;
  readonly on: LocalDate;
  readonly amountMinor: bigint;
  readonly payerBank: string;
}

/** One page of the statement of an account. */
export interface StatementQuery {
  readonly account: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
  /** The row after which the page begins; blank for the first page. */
  readonly cursor: string;
}

/** A query, or the field that the bank does not take. */
export type Read<Query> =
  | { readonly outcome: 'query'; readonly query: Query }
  | { readonly outcome: 'refused'; readonly field: string };

type Fields = Readonly<Record<string, unknown>>;
type Shape = Readonly<Record<string, RegExp>>;

const LOOK_UP: Shape = {
  cedulaPagador: /^([VEJGP]\d{4,10})?$/,
  telefonoPagador: /^04\d{9}$/,
  telefonoDestino: /^04\d{9}$/,
  referencia: /^\d{4,20}$/,
  fechaPago: /^\d{4}-\d{2}-\d{2}$/,
  // A text with a decimal point and two decimals; the statement has a comma.
  importe: /^\d{1,15}\.\d{2}$/,
  bancoOrigen: /^\d{4}$/,
};

const STATEMENT: Shape = {
  cuenta: /^\d{20}$/,
  fechaIni: /^\d{2}\/\d{2}\/\d{4}$/,
  fechaFin: /^\d{2}\/\d{2}\/\d{4}$/,
  tipoMoneda: /^VES$/,
  nroMovimiento: /^\d*$/,
};

/** Reads a body strictly: every field as the manual spells it, a text each, and nothing else. */
export function readLookUp(body: unknown): Read<LookUpQuery> {
  if (!isRecord(body)) return refused('cuerpo');
  const { reqCed, ...texts } = body;
  const sent = readTexts(texts, LOOK_UP);
  if (typeof sent === 'string') return refused(sent);
  // A document can only be checked where one is named.
  if (typeof reqCed !== 'boolean' || (reqCed && sent('cedulaPagador') === '')) {
    return refused('reqCed');
  }
  const on = parseLocalDate(sent('fechaPago'));
  if (on === null) return refused('fechaPago');
  return {
    outcome: 'query',
    query: {
      payerPhone: sent('telefonoPagador'),
      receivingPhone: sent('telefonoDestino'),
      reference: sent('referencia'),
      on,
      amountMinor: BigInt(sent('importe').replace('.', '')),
      payerBank: sent('bancoOrigen'),
    },
  };
}

/** Reads the question for a page; a range of several days must not hold the current one. */
export function readStatement(body: unknown, today: LocalDate): Read<StatementQuery> {
  if (!isRecord(body)) return refused('cuerpo');
  const sent = readTexts(body, STATEMENT);
  if (typeof sent === 'string') return refused(sent);
  const [from, to] = [isoOf(sent('fechaIni')), isoOf(sent('fechaFin'))];
  if (from === null) return refused('fechaIni');
  if (to === null || daysBetween(from, to) < 0) return refused('fechaFin');
  if (from !== to && to >= today) return refused('fechaFin');
  return {
    outcome: 'query',
    query: { account: sent('cuenta'), from, to, cursor: sent('nroMovimiento') },
  };
}

const refused = (field: string): { readonly outcome: 'refused'; readonly field: string } => ({
  outcome: 'refused',
  field,
});

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A reader of the fields, or the name of the first that is missing, misspelt or surplus. */
function readTexts(sent: Fields, shape: Shape): ((name: string) => string) | string {
  const surplus = Object.keys(sent).find((name) => shape[name] === undefined);
  if (surplus !== undefined) return surplus;
  const bad = Object.entries(shape).find(([name, pattern]) => {
    const value = sent[name];
    return typeof value !== 'string' || !pattern.test(value);
  });
  return bad?.[0] ?? ((name) => String(sent[name]));
}

const isoOf = (slashed: string): LocalDate | null =>
  parseLocalDate(slashed.split('/').reverse().join('-'));
