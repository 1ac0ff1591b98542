import type { AskResult, BankOutcome } from '../../src/matching/bank-answer.js';
import type { Movement } from '../../src/matching/movement.js';
import type { PaymentClaim } from '../../src/matching/payment-claim.js';

/** One bank behind the gateway, with the true ledger in the hands of the suite. */
export interface BankUnderTest {
  /** Puts a credit into the bank's ledger that fits the claim, with changes to how the row stands there. */
  readonly credit: (
    claim: PaymentClaim,
    changes?: Readonly<Record<string, unknown>>,
  ) => Promise<void>;
  /** Makes the bank misbehave at its next calls, by a name of its catalogue. */
  readonly order: (fault: string, calls?: number, operation?: string) => Promise<void>;
  readonly lookUp: (claim: PaymentClaim) => Promise<AskResult>;
  readonly list: (from: string, to: string) => Promise<AskResult>;
  /** Calls that arrived at the bank, by operation. */
  readonly arrived: () => Promise<Readonly<Record<string, number>>>;
  readonly isClosed: () => Promise<boolean>;
}

export interface BankContract {
  readonly open: () => Promise<BankUnderTest>;
  readonly claims: {
    readonly pagoMovil: PaymentClaim;
    readonly sameBank: PaymentClaim;
    readonly otherBank: PaymentClaim;
  };
  /** What each fault of the bank's catalogue comes to. */
  readonly faults: Readonly<Record<string, BankOutcome>>;
}

export const movementsOf = ({ answer }: AskResult): readonly Movement[] =>
  answer.outcome === 'found' ? answer.movements : [];

/** What the gateway makes of a bank, whichever bank it is. */
export function bankContract({ open, claims, faults }: BankContract): void {
  let bank: BankUnderTest;
  beforeEach(async () => (bank = await open()));

  describe('looking up a claim', () => {
    it.each(Object.entries(claims))('finds the credit of a %s', async (_, claim) => {
      await bank.credit(claim);
      const result = await bank.lookUp(claim);
      expect(result.answer.outcome).toBe('found');
      expect(movementsOf(result)).toMatchObject([
        {
          bank: '0134',
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
      expect(evidence.bankCode).toBe('70001');
    });

    it('keeps what the ask rests on', async () => {
      await bank.credit(claims.pagoMovil);
      const { evidence } = await bank.lookUp(claims.pagoMovil);
      expect(evidence).toMatchObject({ bankCode: '200', httpStatus: 200 });
      expect(evidence.answerHash).toMatch(/^[0-9a-f]{64}$/);
      expect(evidence.durationMs).toBeGreaterThanOrEqual(0);
      // The look-up's own, and one for the token it needed first.
      expect(evidence.permitIds).toHaveLength(2);
    });

    it('reports amounts exactly, to the cent, however they are written', async () => {
      for (const [index, amountMinor] of [1n, 10n, 63_000n, 999_999_999_999_99n].entries()) {
        const claim = { ...claims.pagoMovil, reference: `9000000${index}1234`, amountMinor };
        await bank.credit(claim, { amount_as: index % 2 === 0 ? 'number' : 'string' });
        expect(movementsOf(await bank.lookUp(claim)).map((row) => row.amountMinor)).toEqual([
          amountMinor,
        ]);
      }
    });

    it('asks the bank once for one answer', async () => {
      await bank.lookUp(claims.pagoMovil);
      await bank.lookUp(claims.pagoMovil);
      expect(await bank.arrived()).toEqual({ token: 1, pago_movil: 2 });
    });
  });

  describe('listing an account', () => {
    it('gives every movement of the days asked, credits and debits', async () => {
      await bank.credit(claims.pagoMovil);
      await bank.credit(claims.otherBank, { direction: 'debit' });
      const rows = movementsOf(await bank.list('2026-07-09', '2026-07-11'));
      expect(rows.map(({ direction, account }) => [direction, account])).toEqual([
        ['credit', claims.pagoMovil.receivingAccount],
        ['debit', claims.pagoMovil.receivingAccount],
      ]);
    });

    it('says "not visible yet" of empty days', async () => {
      expect((await bank.list('2026-07-09', '2026-07-11')).answer.outcome).toBe('not_visible_yet');
    });

    it('spends no call on a range that the bank would refuse', async () => {
      expect((await bank.list('2026-05-01', '2026-07-11')).answer.outcome).toBe('invalid_query');
      expect(await bank.arrived()).toEqual({});
    });
  });

  describe('meeting a fault', () => {
    it.each(Object.entries(faults))('makes %s "%s"', async (fault, outcome) => {
      await bank.credit(claims.pagoMovil);
      await bank.order(fault);
      expect((await bank.lookUp(claims.pagoMovil)).answer.outcome).toBe(outcome);
    });

    it('renews the token once when the bank refuses it, and takes a permit for each call', async () => {
      await bank.credit(claims.pagoMovil);
      await bank.lookUp(claims.pagoMovil);
      await bank.order('token-expired-mid-flight');
      const { answer, evidence } = await bank.lookUp(claims.pagoMovil);
      expect(answer.outcome).toBe('found');
      expect(new Set(evidence.permitIds).size).toBe(3);
      expect(await bank.arrived()).toEqual({ token: 2, pago_movil: 3 });
    });

    it.each(['token-refused', 'credentials-rejected'])(
      'closes at the second refusal in a row: %s',
      async (fault) => {
        await bank.order(fault, 2);
        expect((await bank.lookUp(claims.pagoMovil)).answer.outcome).toBe('credentials_refused');
        expect(await bank.isClosed()).toBe(true);
        const before = await bank.arrived();
        expect((await bank.lookUp(claims.pagoMovil)).answer.outcome).toBe('credentials_refused');
        expect(await bank.arrived()).toEqual(before);
      },
    );

    it('closes when the token endpoint refuses the client', async () => {
      await bank.order('token-client-refused', 1, 'token');
      expect((await bank.lookUp(claims.pagoMovil)).answer.outcome).toBe('credentials_refused');
      expect(await bank.isClosed()).toBe(true);
      expect(await bank.arrived()).toEqual({ token: 1 });
    });
  });
}
