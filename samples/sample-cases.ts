import { ACCOUNT, type Payment, PaymentSource, type Way } from './payment-source.js';
import type { SampleClaim, SampleMovement } from './sample-row.js';

/** What belongs together: claims in the order in which they are submitted, and the rows behind them. */
interface Case {
  readonly claims: readonly SampleClaim[];
  readonly movements: readonly SampleMovement[];
}

export interface Samples {
  readonly claims: readonly SampleClaim[];
  readonly movements: readonly SampleMovement[];
}

const SEED = 20_261_122;

const WAYS: readonly Way[] = ['pago_movil', 'same_bank', 'other_bank'];
const BY_TAIL: readonly Way[] = ['pago_movil', 'other_bank'];

const times = (count: number, make: (n: number) => Case): Case[] =>
  Array.from({ length: count }, (_, n) => make(n));

const turn = (ways: readonly Way[], n: number): Way => ways[n % ways.length] ?? 'pago_movil';

const pair = ({ claim, movement }: Payment): Case => ({ claims: [claim], movements: [movement] });

/** The same 320 claims, and the same ledger, in every run. */
export function buildSamples(): Samples {
  const source = new PaymentSource(SEED);
  const cases = [
    ...goodOnes(source),
    ...wrongAmounts(source),
    ...oddReferences(source),
    ...commissionTwins(source),
    ...doubleClaims(source),
    ...slowOrAbsent(source),
    ...unclear(source),
  ];
  shuffle(cases, source);
  return {
    claims: cases.flatMap(({ claims }) => claims),
    movements: [...cases.flatMap(({ movements }) => movements), ...unclaimed(source)],
  };
}

function goodOnes(source: PaymentSource): Case[] {
  const good = (count: number, way: Way): Case[] =>
    times(count, (n) => {
      const { claim, movement } = source.next(way, 'good');
      const type = n % 40 === 11 ? 'commission' : n % 40 === 23 ? 'other' : 'payment';
      const currency = n % 40 === 7 ? 'VED' : n % 40 === 19 ? 'Bs' : 'VES';
      return pair({ claim: { ...claim, type, currency }, movement });
    });
  return [...good(110, 'pago_movil'), ...good(45, 'same_bank'), ...good(45, 'other_bank')];
}

function wrongAmounts(source: PaymentSource): Case[] {
  const wrong = (note: string, held: (claimed: number) => number): Case[] =>
    times(8, (n) => {
      const { claim, movement } = source.next(turn(WAYS, n), note);
      return pair({
        claim: { ...claim, expected: 'needs_review:amount_differs' },
        movement: { ...movement, amount_minor: held(claim.amount_minor) },
      });
    });
  return [
    ...wrong('amount: the bank holds one cent less', (claimed) => claimed - 1),
    ...wrong('amount: the bank holds one cent more', (claimed) => claimed + 1),
    ...wrong('amount: the bank holds far less', (claimed) => Math.ceil(claimed * 0.408)),
  ];
}

function oddReferences(source: PaymentSource): Case[] {
  const typedShort = times(14, (n) => {
    const { claim, movement } = source.next(turn(BY_TAIL, n), 'reference: only six digits typed');
    return pair({ claim: { ...claim, reference: claim.reference.slice(-6) }, movement });
  });
  const typedStripped = times(7, (n) => {
    const { claim, movement } = source.next(turn(WAYS, n), 'reference: typed without its zeros');
    const reference = source.reference('000');
    return pair({
      claim: { ...claim, reference: reference.replace(/^0+/, '') },
      movement: { ...movement, reference },
    });
  });
  const shownStripped = times(7, (n) => {
    const { claim, movement } = source.next(turn(WAYS, n), 'reference: shown without its zeros');
    // The last three have a tail that begins with zero itself, so that fewer than six digits are left.
    const reference = n < 4 ? source.reference('000') : source.reference('00000', '0');
    return pair({
      claim: { ...claim, reference },
      movement: { ...movement, reference, spelling: 'stripped' },
    });
  });
  return [...typedShort, ...typedStripped, ...shownStripped];
}

function commissionTwins(source: PaymentSource): Case[] {
  const twins = (note: string, direction: 'credit' | 'debit'): Case[] =>
    times(8, (n) => {
      const { claim, movement } = source.next(turn(BY_TAIL, n), note);
      const twin: SampleMovement = {
        ...movement,
        direction,
        // 0.3 %, as is common for a mobile payment.
        amount_minor: Math.ceil(movement.amount_minor * 0.003),
        concept: 'COMISION',
      };
      // The bank promises no order.
      return { claims: [claim], movements: n % 2 === 0 ? [movement, twin] : [twin, movement] };
    });
  return [
    ...twins('commission: a debit with the same reference', 'debit'),
    ...twins('commission: a small credit with the same reference', 'credit'),
  ];
}

function doubleClaims(source: PaymentSource): Case[] {
  const twice = (n: number, what: string, change: Partial<SampleClaim>): Case => {
    const label = `${what}: pair ${String(n + 1).padStart(2, '0')}`;
    const { claim, movement } = source.next(turn(BY_TAIL, n), `${label} first`);
    // The tail instead of the whole reference: another natural key, so that it is accepted at all.
    const reference = claim.reference.slice(-6);
    const second = { ...claim, reference, note: `${label} second`, ...change };
    return { claims: [claim, second], movements: [movement] };
  };
  return [
    ...times(8, (n) =>
      twice(n, 'double claim', {
        external_id: `PED-9${String(n).padStart(3, '0')}`,
        expected: 'needs_review:movement_already_bound',
      }),
    ),
    ...times(4, (n) => twice(n, 'same order twice', { expected: 'rejected:duplicate_of' })),
  ];
}

function slowOrAbsent(source: PaymentSource): Case[] {
  const late = times(10, (n) => {
    const seconds = 12 + 2 * n;
    const { claim, movement } = source.next(turn(WAYS, n), `late: visible after ${seconds} s`);
    return pair({ claim, movement: { ...movement, visible_after_seconds: seconds } });
  });
  const absent = times(8, (n) => {
    const { claim } = source.next(turn(WAYS, n), 'absent: never visible');
    return { claims: [{ ...claim, expected: 'expired' }], movements: [] };
  });
  const debits = times(2, (n) => {
    const { claim, movement } = source.next(turn(BY_TAIL, n), 'absent: a debit and no credit');
    return pair({
      claim: { ...claim, expected: 'expired' },
      movement: { ...movement, direction: 'debit' },
    });
  });
  return [...late, ...absent, ...debits];
}

function unclear(source: PaymentSource): Case[] {
  const alike = times(3, (n) => {
    const { claim, movement } = source.next(turn(BY_TAIL, n), 'ambiguous: two credits fit');
    const tail = claim.reference.slice(-6);
    return {
      claims: [{ ...claim, reference: tail, expected: 'needs_review:ambiguous_movements' }],
      movements: ['10001', '20002'].map((head) => ({
        ...movement,
        reference: `${head}${tail}`,
        spelling: 'full' as const,
      })),
    };
  });
  const cards = times(5, () => {
    const { claim } = source.next('other_bank', 'card deposit: the bank cannot be asked');
    const expected = 'needs_review:unsupported_evidence';
    return { claims: [{ ...claim, kind: 'card_deposit' as const, expected }], movements: [] };
  });
  return [...alike, ...cards];
}

/** What the bank holds and nobody claims: finance sees it, and no verdict may rest on it. */
function unclaimed(source: PaymentSource): SampleMovement[] {
  const credits = Array.from({ length: 20 }, (_, n) => {
    return source.next(turn(WAYS, n), 'unclaimed').movement;
  });
  const charges = Array.from({ length: 6 }, (_, n): SampleMovement => ({
    account: ACCOUNT,
    kind: 'other',
    direction: 'debit',
    amount_minor: 1_000 + 125 * n,
    currency: 'VES',
    reference: source.reference(),
    on_days_ago: n % 3,
    time: null,
    payer_phone: null,
    payer_bank: null,
    concept: 'CARGO POR SERVICIO',
    spelling: 'full',
    amount_as: 'number',
  }));
  return [...credits, ...charges];
}

/** Fisher-Yates; what belongs to one case stays together and in order. */
function shuffle(cases: Case[], source: PaymentSource): void {
  for (let last = cases.length - 1; last > 0; last -= 1) {
    const other = source.below(last + 1);
    const [a, b] = [cases[last], cases[other]];
    if (a !== undefined && b !== undefined) [cases[last], cases[other]] = [b, a];
  }
}
