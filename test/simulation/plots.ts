import { addDays, localDateAt, type LocalDate } from '../../src/kernel/local-date.js';
import type { Currency } from '../../src/kernel/money.js';
import { uuidFrom } from '../../src/kernel/ids.js';
import type { LedgerMovement } from '../../src/stand-ins/sandbox-bank/movement.js';
import type { Submission } from '../../src/transactions/submit-transaction/submit-transaction.command.js';
import type { Dice } from './dice.js';

type Status = 'pending' | 'verified' | 'needs_review' | 'rejected' | 'expired' | 'cancelled';

/** One claim: when it comes, and in which states it may be when everything is over. */
export interface Plot {
  readonly name: string;
  readonly submission: Submission;
  readonly atMs: number;
  readonly mayEnd: readonly Status[];
  /** When the merchant tries to withdraw it. */
  readonly cancelledAtMs: number | null;
}

/** What happens in a world: claims, and credits at the bank whether or not anybody claims them. */
export interface Story {
  readonly plots: readonly Plot[];
  readonly credits: readonly LedgerMovement[];
}

export interface Account {
  readonly receivingAccountId: string;
  readonly merchantId: string;
  readonly accountNumber: string;
}

export interface StorySettings {
  readonly startsAt: Date;
  readonly accounts: readonly [Account, ...Account[]];
  readonly claims: number;
  /** Claims come within this time. */
  readonly withinMs: number;
  readonly visibleWithinMs: number;
  /** For how long after its deadline an expired claim is certain to be asked about again. */
  readonly askedLateForMs: number;
}

const HOUR_MS = 3_600_000;

/** A claim and its credit, both as they would be if all went well. */
interface Pair {
  readonly submission: Submission;
  readonly credit: LedgerMovement;
  readonly atMs: number;
}

type Chapter = (pair: Pair, teller: StoryTeller) => void;

/** Makes up what happens, from a seed alone. */
export class StoryTeller {
  readonly plots: Plot[] = [];
  readonly credits: LedgerMovement[] = [];
  private told = 0;

  constructor(
    readonly dice: Dice,
    readonly settings: StorySettings,
  ) {}

  tell(): Story {
    for (let claim = 0; claim < this.settings.claims; claim += 1) {
      const chapter = this.dice.pick(CHAPTERS);
      chapter(this.pair(), this);
    }
    return this;
  }

  /** Adds a claim; now and then its merchant thinks better of it. */
  claim(name: string, { submission, atMs }: Pair, mayEnd: readonly Status[]): void {
    const { dice } = this;
    const isCancelled = dice.chance(0.04);
    const cancelledAtMs = isCancelled ? atMs + dice.delay(2 * HOUR_MS) : null;
    const ends: readonly Status[] = isCancelled ? [...mayEnd, 'cancelled'] : mayEnd;
    this.plots.push({ name, submission, atMs, mayEnd: ends, cancelledAtMs });
  }

  credit(credit: LedgerMovement, change: Partial<LedgerMovement> = {}): void {
    this.credits.push({ ...credit, ...change, id: `credit-${this.credits.length}` });
  }

  /** When a credit shows that comes in time: most at once, some hours later. */
  visibleInTime(atMs: number): number {
    const latestMs = this.settings.visibleWithinMs * 0.8;
    return this.instant(atMs + Math.min(latestMs, this.dice.delay(0.5 * HOUR_MS) - 60_000));
  }

  instant(atMs: number): number {
    return this.settings.startsAt.getTime() + atMs;
  }

  /** Digits that end as no others do, unless a chapter wants them to. */
  reference(length = 11): string {
    this.told += 1;
    const tail = String(this.told * 7919 + 100_003).slice(-6);
    const head = String(this.dice.between(0, 99_999)).padStart(length - 6, '0');
    return `${head.slice(-(length - 6))}${tail}`;
  }

  private pair(): Pair {
    const { dice, settings } = this;
    const atMs = dice.between(0, settings.withinMs);
    const account = dice.pick(settings.accounts);
    const kind = dice.pick(['pago_movil', 'pago_movil', 'transfer'] as const);
    const originBank = kind === 'transfer' && dice.chance(0.5) ? '0134' : dice.pick(BANKS);
    const reference = this.reference();
    const amountMinor = dice.between(1_00, 900_000_00);
    const paidOn = localDateAt(new Date(this.instant(atMs)));
    const phone = `+58412${String(dice.between(0, 9_999_999)).padStart(7, '0')}`;
    const { receivingAccountId, merchantId, accountNumber } = account;
    const payer = { phone, document: null, name: null, concept: null, metadata: null };
    const submission: Submission = {
      merchantId,
      mode: 'live',
      externalId: uuidFrom('order', String(this.told)),
      kind,
      type: 'payment',
      receivingAccountId,
      originBank,
      reference,
      amountMinor,
      currency: 'VES' as Currency,
      paidOn,
      payer,
      distinctFrom: null,
    };
    const isFull = kind === 'transfer' && originBank === '0134';
    const credit: LedgerMovement = {
      id: '',
      account: accountNumber,
      kind,
      direction: 'credit',
      amountMinor: BigInt(amountMinor),
      currency: 'VES',
      reference,
      on: paidOn,
      time: dice.chance(0.3) ? '10:30:00' : null,
      payerPhone: kind === 'pago_movil' ? phone : null,
      payerBank: originBank,
      concept: 'made up',
      visibleAt: this.visibleInTime(atMs),
      spelling: isFull ? 'full' : dice.pick(['tail6', 'full', 'stripped']),
      amountAs: dice.pick(['number', 'string']),
      scenario: null,
    };
    return { submission, credit, atMs };
  }
}

const BANKS = ['0102', '0105', '0108', '0172'] as const satisfies readonly [string, ...string[]];

const plain: Chapter = (pair, teller) => {
  teller.credit(pair.credit);
  teller.claim('plain', pair, ['verified']);
};

const neverVisible: Chapter = (pair, teller) => {
  teller.credit(pair.credit, { visibleAt: null });
  teller.claim('never visible', pair, ['expired']);
};

const late: Chapter = (pair, teller) => {
  const { visibleWithinMs, askedLateForMs } = teller.settings;
  const shownAfterMs = visibleWithinMs + teller.dice.between(0, Math.max(0, askedLateForMs));
  const visibleAt = teller.instant(pair.atMs + shownAfterMs);
  teller.credit(pair.credit, { visibleAt });
  teller.claim('late', pair, askedLateForMs > 0 ? ['verified'] : ['verified', 'expired']);
};

const differs: Chapter = (pair, teller) => {
  const cents = BigInt(teller.dice.pick([1, -1, 99, 100_000]));
  teller.credit(pair.credit, { amountMinor: pair.credit.amountMinor + cents });
  teller.claim('differs', pair, ['needs_review']);
};

const commissionTwin: Chapter = (pair, teller) => {
  const { credit } = pair;
  const commission = { amountMinor: credit.amountMinor / 400n + 1n };
  const direction = teller.dice.pick(['credit', 'debit'] as const);
  teller.credit(credit);
  teller.credit(credit, { ...commission, direction });
  teller.claim('commission twin', pair, ['verified', 'needs_review']);
};

/** One payment claimed twice, the second time with what the payer remembers of the reference. */
const claimedTwice: Chapter = (pair, teller) => {
  teller.credit(pair.credit, { spelling: teller.dice.pick(['full', 'tail6']) });
  const mayEnd: readonly Status[] = ['verified', 'needs_review', 'rejected', 'expired'];
  teller.claim('claimed twice', pair, mayEnd);
  const { submission, atMs } = pair;
  const again = {
    ...submission,
    reference: submission.reference.slice(-8),
    externalId: teller.dice.chance(0.5) ? submission.externalId : `${submission.externalId}-2`,
  };
  const later = atMs + teller.dice.delay(HOUR_MS);
  teller.claim('claimed again', { ...pair, submission: again, atMs: later }, mayEnd);
};

/** Two payments that only the digits before the tail tell apart, both claimed. */
const alike: Chapter = (pair, teller) => {
  const tail = pair.submission.reference.slice(-6);
  const mayEnd: readonly Status[] = ['verified', 'needs_review', 'expired'];
  const spelling = teller.dice.pick(['full', 'tail6'] as const);
  for (const head of ['10001', '20002']) {
    const reference = `${head}${tail}`;
    const visibleAt = teller.visibleInTime(pair.atMs);
    teller.credit(pair.credit, { reference, spelling, visibleAt });
    teller.claim(
      'alike',
      { ...pair, submission: { ...pair.submission, reference, externalId: `order-${reference}` } },
      mayEnd,
    );
  }
};

const wrongDay: Chapter = (pair, teller) => {
  const paidOn: LocalDate = addDays(pair.submission.paidOn, -1);
  teller.credit(pair.credit);
  teller.claim('wrong day', { ...pair, submission: { ...pair.submission, paidOn } }, [
    'verified',
    'needs_review',
    'expired',
  ]);
};

const reversed: Chapter = (pair, teller) => {
  const { credit } = pair;
  teller.credit(credit);
  const visibleAt = (credit.visibleAt ?? 0) + teller.dice.delay(4 * HOUR_MS);
  teller.credit(credit, { direction: 'debit', visibleAt });
  teller.claim('reversed', pair, ['verified', 'needs_review']);
};

const unclaimed: Chapter = (pair, teller) => {
  teller.credit(pair.credit);
};

const cardDeposit: Chapter = (pair, teller) => {
  const submission = { ...pair.submission, kind: 'card_deposit' as const };
  teller.credit(pair.credit, { kind: 'other' });
  teller.claim('card deposit', { ...pair, submission }, ['verified', 'needs_review']);
};

// Repeated as often as they come about in life.
const CHAPTERS: readonly [Chapter, ...Chapter[]] = [
  plain,
  ...Array.from({ length: 5 }, () => plain),
  late,
  neverVisible,
  differs,
  commissionTwin,
  claimedTwice,
  alike,
  wrongDay,
  reversed,
  unclaimed,
  cardDeposit,
];
