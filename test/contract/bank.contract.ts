import type { AskResult, BankOutcome } from '../../src/matching/bank-answer.js';
import type { Movement } from '../../src/matching/movement.js';
import type { PaymentClaim } from '../../src/matching/payment-claim.js';

/** How a credit stands in the bank's books, where it differs from the claim. */
export interface Booked {
  readonly direction?: 'credit' | 'debit';
  /** One bank writes amounts now as numbers, now as texts; others ignore this. */
  readonly amountAs?: 'number' | 'string';
}

/** One bank behind the gateway, with its true ledger in the hands of the suite. */
export interface BankUnderTest {
  readonly credit: (claim: PaymentClaim, changes?: Booked) => Promise<void>;
  /** Makes the bank misbehave at its next call, by a name of its catalogue. */
  readonly order: (fault: string) => Promise<void>;
  readonly lookUp: (claim: PaymentClaim) => Promise<AskResult>;
  readonly list: (from: string, to: string) => Promise<AskResult>;
  /** How many calls arrived at the bank. */
  readonly arrived: () => Promise<number>;
  readonly isClosed: () => Promise<boolean>;
}

export interface BankContract {
  readonly bank: string;
  readonly open: () => Promise<BankUnderTest>;
  /** One claim of each kind that the bank can look up. */
  readonly claims: Readonly<Record<string, PaymentClaim>> & { readonly pagoMovil: PaymentClaim };
  /** The bank's codes for "here it is" and "there is nothing". */
  readonly codes: { readonly found: string; readonly nothing: string };
  /** Calls before the first look-up: one for the token, where there are tokens. */
  readonly callsBefore: number;
  /** What each fault of the bank's catalogue comes to. */
  readonly faults: Readonly<Record<string, BankOutcome>>;
  /** A range of days that the bank does not list. */
  readonly tooLong: readonly [from: string, to: string];
}

const movementsOf = ({ answer }: AskResult): readonly Movement[] =>
  answer.outcome === 'found' ? answer.movements : [];

/** What the gateway makes of a bank, whichever bank it is. */
export function bankContract(contract: BankContract): void {
  // In a block of its own: the suite opens a bank for its own tests only.
  describe('being one of the banks', () => everyBank(contract));
}

function everyBank(contract: BankContract): void {
  const { claims, codes, callsBefore } = contract;
  let bank: BankUnderTest;
  beforeEach(async () => (bank = await contract.open()));

  describe('looking up a claim', () => {
    it.each(Object.entries(claims))('finds the credit of a %s', async (_, claim) => {
      await bank.credit(claim);
      const result = await bank.lookUp(claim);
      expect(result.answer.outcome).toBe('found');
      expect(movementsOf(result)).toMatchObject([
        {
          bank: contract.bank,
          direction: 'credit',
          amountMinor: claim.amountMinor,
          currency: claim.currency,
          bankOn: claim.paidOn,
        },
      ]);
    });

    it('says "not visible yet" of a credit that is not there', async () => {
      const { answer, evidence } = await bank.lookUp(claims.pagoMovil);
      expect(answer).toEqual({ outcome: 'not_visible_yet' });
      expect(evidence.bankCode).toBe(codes.nothing);
    });

    it('keeps what the ask rests on', async () => {
      await bank.credit(claims.pagoMovil);
      const { evidence } = await bank.lookUp(claims.pagoMovil);
      expect(evidence).toMatchObject({ bankCode: codes.found, httpStatus: 200 });
      expect(evidence.answerHash).toMatch(/^[0-9a-f]{64}$/);
      expect(evidence.durationMs).toBeGreaterThanOrEqual(0);
    });

    it('takes a permit for every call that arrives, and no more', async () => {
      const { evidence } = await bank.lookUp(claims.pagoMovil);
      expect(new Set(evidence.permitIds).size).toBe(callsBefore + 1);
      expect(await bank.arrived()).toBe(callsBefore + 1);
      expect((await bank.lookUp(claims.pagoMovil)).evidence.permitIds).toHaveLength(1);
      expect(await bank.arrived()).toBe(callsBefore + 2);
    });

    it('reports amounts exactly, to the cent, however they are written', async () => {
      for (const [index, amountMinor] of [
        1n,
        10n,
        63_000n,
        182_500n,
        999_999_999_999_99n,
      ].entries()) {
        const claim = { ...claims.pagoMovil, reference: `90${index}01234`, amountMinor };
        await bank.credit(claim, { amountAs: index % 2 === 0 ? 'number' : 'string' });
        const rows = movementsOf(await bank.lookUp(claim));
        expect(rows.map((row) => row.amountMinor)).toEqual([amountMinor]);
      }
    });
  });

  describe('listing an account', () => {
    const day = claims.pagoMovil.paidOn;

    it('gives every movement of the days asked, credits and debits', async () => {
      await bank.credit(claims.pagoMovil);
      await bank.credit({ ...claims.pagoMovil, reference: '00000473099' }, { direction: 'debit' });
      const rows = movementsOf(await bank.list(day, day));
      const { receivingAccount, amountMinor } = claims.pagoMovil;
      expect(rows).toMatchObject([
        { direction: 'credit', account: receivingAccount, amountMinor, bankOn: day },
        { direction: 'debit', account: receivingAccount, amountMinor, bankOn: day },
      ]);
    });

    it('says "not visible yet" of empty days', async () => {
      expect((await bank.list(day, day)).answer.outcome).toBe('not_visible_yet');
    });

    it('spends no call on a range that the bank would refuse', async () => {
      expect((await bank.list(...contract.tooLong)).answer.outcome).toBe('invalid_query');
      expect(await bank.arrived()).toBe(0);
    });
  });

  describe('meeting a fault', () => {
    it.each(Object.entries(contract.faults))('makes %s "%s"', async (fault, outcome) => {
      await bank.credit(claims.pagoMovil);
      await bank.order(fault);
      expect((await bank.lookUp(claims.pagoMovil)).answer.outcome).toBe(outcome);
      expect(await bank.isClosed()).toBe(outcome === 'credentials_refused');
    });
  });
}
