import { uuidFrom } from '../../src/kernel/ids.js';
import { localDateAt } from '../../src/kernel/local-date.js';
import type { LedgerMovement } from '../../src/stand-ins/sandbox-bank/movement.js';
import type { TransactionSubmitted } from '../../src/transactions/events/transaction-submitted.event.js';
import { Dice } from '../../test/simulation/dice.js';
import type { Account } from '../../test/simulation/plots.js';
import type { Case, Fixture } from '../../test/simulation/quiet-world.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export interface FixtureSettings {
  readonly seed: number;
  readonly claims: number;
  readonly days: number;
  readonly accounts: number;
  readonly merchants: number;
  readonly neverVisible: number;
  readonly startsAt: Date;
}

/**
 * How long after the claim its credit shows. The payer pays, then types the reference: an immediate credit, which may
 * take two minutes, shows before the claim comes or soon after it. Some take up to an hour, a few most of a day.
 */
function visibleAfterMs(dice: Dice): number {
  const share = dice.share();
  if (share < 0.85) return Math.min(2 * MINUTE_MS, dice.delay(15_000)) - dice.delay(MINUTE_MS);
  if (share < 0.95) return MINUTE_MS + dice.delay(15 * MINUTE_MS);
  return Math.min(22 * HOUR_MS, HOUR_MS + dice.delay(4 * HOUR_MS));
}

/** A large merchant and many small ones, as in life: the n-th has a share of 1/n. */
function merchantOf(dice: Dice, merchants: number): number {
  const weights = Array.from({ length: merchants }, (_, at) => 1 / (at + 1));
  let left = dice.share() * weights.reduce((sum, weight) => sum + weight, 0);
  return Math.max(
    0,
    weights.findIndex((weight) => (left -= weight) < 0),
  );
}

const accountAt = (at: number): Account => ({
  receivingAccountId: uuidFrom('bench account', String(at)),
  merchantId: 'shared',
  accountNumber: `0134000160${String(at + 1).padStart(10, '0')}`,
});

/** The same claims and credits for the same seed. */
export function fixture(settings: FixtureSettings): Fixture {
  const dice = new Dice(settings.seed);
  const others = Array.from({ length: settings.accounts - 1 }, (_, at) => accountAt(at + 1));
  const accounts: readonly [Account, ...Account[]] = [accountAt(0), ...others];
  const cases: Case[] = [];
  const credits: LedgerMovement[] = [];
  for (let at = 0; at < settings.claims; at += 1) {
    const atMs = dice.between(0, settings.days * DAY_MS - 1);
    const merchant = merchantOf(dice, settings.merchants);
    // Each account is shared by some of the merchants.
    const account = accounts[merchant % accounts.length] ?? accounts[0];
    const isNever = dice.chance(settings.neverVisible);
    const visibleAtMs = isNever ? null : atMs + visibleAfterMs(dice);
    const claim = claimAt(at, { settings, atMs, merchant, account, dice });
    cases.push({ claim, atMs, visibleAtMs });
    if (visibleAtMs !== null) credits.push(creditOf(claim, account, visibleAtMs, settings));
  }
  cases.sort((one, other) => one.atMs - other.atMs);
  return { cases, credits, accounts };
}

interface Draft {
  readonly settings: FixtureSettings;
  readonly atMs: number;
  readonly merchant: number;
  readonly account: Account;
  readonly dice: Dice;
}

function claimAt(
  at: number,
  { settings, atMs, merchant, account, dice }: Draft,
): TransactionSubmitted {
  const submitted = new Date(settings.startsAt.getTime() + atMs);
  const later = (ms: number): string => new Date(submitted.getTime() + ms).toISOString();
  return {
    transactionId: uuidFrom('bench', String(at)),
    merchantId: uuidFrom('bench merchant', String(merchant)),
    mode: 'live',
    externalId: `order-${at}`,
    kind: 'transfer',
    type: 'payment',
    receivingAccountId: account.receivingAccountId,
    bank: '0134',
    credentialId: 'banesco',
    originBank: '0102',
    reference: `77${String(at).padStart(9, '0')}`,
    amountMinor: dice.between(100, 90_000_000),
    currency: 'VES',
    paidOn: localDateAt(submitted),
    occurrence: 0,
    payer: { phoneMask: null, documentMask: null, nameMask: null, sealed: null },
    toleranceUnderMinor: 0,
    toleranceOverMinor: 0,
    visibleBy: later(DAY_MS),
    matchUntil: later(30 * DAY_MS),
    submittedAt: submitted.toISOString(),
  };
}

const creditOf = (
  claim: TransactionSubmitted,
  account: Account,
  visibleAtMs: number,
  { startsAt }: FixtureSettings,
): LedgerMovement => ({
  id: claim.transactionId,
  account: account.accountNumber,
  kind: 'transfer',
  direction: 'credit',
  amountMinor: BigInt(claim.amountMinor),
  currency: 'VES',
  reference: claim.reference,
  on: claim.paidOn as LedgerMovement['on'],
  time: null,
  payerPhone: null,
  payerBank: claim.originBank,
  concept: 'made up',
  visibleAt: startsAt.getTime() + visibleAtMs,
  spelling: 'full',
  amountAs: 'number',
  scenario: null,
});
