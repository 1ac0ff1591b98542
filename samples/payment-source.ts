import type { SampleClaim, SampleMovement } from './sample-row.js';

/** The receiving account: bank 0134, branch 0001, made-up number 17, good check digits. */
export const ACCOUNT = '01340001600000000017';

/** How a payment was made. */
export type Way = 'pago_movil' | 'same_bank' | 'other_bank';

/** One payment as it happened: what the payer was told, and what the bank holds. */
export interface Payment {
  readonly claim: SampleClaim;
  readonly movement: SampleMovement;
}

const OWN_BANK = '0134';
const OTHER_BANKS = ['0102', '0105', '0108', '0114', '0151', '0163', '0172', '0175', '0191'];
// Every mobile prefix in use, followed by a subscriber number that nobody has.
const PREFIXES = ['412', '414', '416', '422', '424', '426'];
const SPELLINGS = ['tail6', 'tail6', 'full', 'stripped'] as const;

/** What claim and ledger row agree about. */
interface Facts {
  readonly n: number;
  readonly way: Way;
  readonly bank: string;
  readonly reference: string;
  readonly amount: number;
  readonly phone: string;
  readonly daysAgo: number;
  readonly time: string;
}

const padded = (n: number, digits: number): string => String(n).padStart(digits, '0');

/** Makes payments one after the other, the same ones in every run. */
export class PaymentSource {
  private made = 0;
  private readonly tails = new Set<string>();

  constructor(private seed: number) {}

  /** A payment that is claimed as it was made, and verified. */
  next(way: Way, note: string): Payment {
    this.made += 1;
    const n = this.made;
    const facts: Facts = {
      n,
      way,
      bank: way === 'same_bank' ? OWN_BANK : this.pick(OTHER_BANKS),
      reference: this.reference(),
      amount: 1_500 + this.below(2_500_000),
      phone: `+58${PREFIXES[n % PREFIXES.length]}000${padded(n, 4)}`,
      daysAgo: this.below(3),
      time: this.timeOfDay(),
    };
    return { claim: claimOf(facts, note), movement: movementOf(facts) };
  }

  /**
   * Eleven digits whose last six are nobody else's, so that no two payments are taken for one. They begin with
   * `head`, and their tail with `tailHead` and never with 99, which is magic to the sandbox bank.
   */
  reference(head = '', tailHead = ''): string {
    for (;;) {
      const tail = `${tailHead}${padded(this.below(1_000_000), 6)}`.slice(0, 6);
      const usual = tailHead !== '' || !/^(0|99)/.test(tail);
      if (!usual || this.tails.has(tail)) continue;
      this.tails.add(tail);
      return `${`${head}${10_000 + this.below(90_000)}`.slice(0, 5)}${tail}`;
    }
  }

  below(bound: number): number {
    // mulberry32: small, and the same on every machine.
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % bound;
  }

  private pick(from: readonly string[]): string {
    return from[this.below(from.length)] ?? '';
  }

  private timeOfDay(): string {
    return `${padded(this.below(24), 2)}:${padded(this.below(60), 2)}:${padded(this.below(60), 2)}`;
  }
}

const claimOf = ({ n, way, ...paid }: Facts, note: string): SampleClaim => ({
  external_id: `PED-${padded(n, 4)}`,
  kind: way === 'pago_movil' ? 'pago_movil' : 'transfer',
  type: 'payment',
  origin_bank: paid.bank,
  reference: paid.reference,
  amount_minor: paid.amount,
  currency: 'VES',
  paid_days_ago: paid.daysAgo,
  // Half of the transfers carry a phone all the same: the bank must not be asked with it.
  payer_phone: way === 'pago_movil' || n % 2 === 0 ? paid.phone : '',
  // No identity card has a number this high.
  payer_document: `V99000${padded(n, 3)}`,
  payer_name: `Cliente ${padded(n, 3)}`,
  concept: `Pedido ${padded(n, 4)}`,
  expected: 'verified',
  note,
});

function movementOf({ n, way, ...paid }: Facts): SampleMovement {
  const mobile = way === 'pago_movil';
  return {
    account: ACCOUNT,
    kind: mobile ? 'pago_movil' : 'transfer',
    direction: 'credit',
    amount_minor: paid.amount,
    currency: 'VES',
    reference: paid.reference,
    on_days_ago: paid.daysAgo,
    time: mobile || n % 3 === 0 ? null : paid.time,
    payer_phone: mobile ? paid.phone : null,
    payer_bank: paid.bank,
    concept: mobile ? 'Banesco Pago Movil' : 'TRANS.CTAS. A TERCEROS',
    spelling: way === 'same_bank' ? 'full' : (SPELLINGS[n % SPELLINGS.length] ?? 'full'),
    amount_as: n % 2 === 0 ? 'number' : 'string',
  };
}
