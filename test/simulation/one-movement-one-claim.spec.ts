import * as fc from 'fast-check';
import { aClaim, happened, minutesLater } from '../support/a-transaction.js';
import { addDays, type LocalDate } from '../../src/kernel/local-date.js';
import type { Currency } from '../../src/kernel/money.js';
import type { Decision } from '../../src/kernel/rejection.js';
import { matchMovement } from '../../src/matching/match-movement.js';
import { couldBeSameMovement } from '../../src/matching/movement-likeness.js';
import { slotOf, type Movement } from '../../src/matching/movement.js';
import { fromObserved, toObserved } from '../../src/matching/observed-movement.js';
import {
  confirmBinding,
  proposeBinding,
  refuseBinding,
} from '../../src/transactions/domain/binding.decisions.js';
import {
  transactionAggregate,
  type Transaction,
} from '../../src/transactions/domain/transaction.js';
import type { TransactionEvent } from '../../src/transactions/events/transaction.event.js';
import { bind, observe } from '../../src/verification/domain/slot.decisions.js';
import { slotAggregate, type Slot } from '../../src/verification/domain/slot.js';
import { afterAnswer, standingOf } from '../../src/verification/domain/verification.process.js';

const PAID_ON = '2026-03-10' as LocalDate;
const ACCOUNT = '01340123456789012345';
const RULES = { referenceDigits: 6, commissionBasisPoints: 500 };
const SCOPE = { affiliate: 'J0000', referenceDigits: 6 };
const TOLERANCE = { underMinor: 1n, overMinor: 1n };
const now = minutesLater(5);

/** Claims that all may be about the same payments: tails, whole references, other spellings, two of one order. */
const CLAIMED = [
  { transactionId: 'a', merchantId: 'm1', externalId: 'o1', reference: '473078' },
  { transactionId: 'b', merchantId: 'm1', externalId: 'o1', reference: '00683473078' },
  { transactionId: 'c', merchantId: 'm2', externalId: 'o2', reference: '683473078' },
  { transactionId: 'd', merchantId: 'm2', externalId: 'o3', reference: '00999473078' },
].map((claim) =>
  aClaim({
    ...claim,
    paidOn: PAID_ON,
    amountMinor: 12_000,
    toleranceUnderMinor: Number(TOLERANCE.underMinor),
    toleranceOverMinor: Number(TOLERANCE.overMinor),
  }),
);

const someRow: fc.Arbitrary<Movement> = fc.record({
  bank: fc.constant('0134'),
  account: fc.constantFrom(null, ACCOUNT, '01340000000000000001'),
  direction: fc.constantFrom('credit' as const, 'credit' as const, 'credit' as const, 'debit'),
  amountMinor: fc.constantFrom(12_000n, 12_000n, 12_001n, 12_002n, 36n),
  currency: fc.constantFrom('VES' as Currency, 'VES' as Currency, 'USD' as Currency),
  bankOn: fc.constantFrom(PAID_ON, PAID_ON, addDays(PAID_ON, 1)),
  bankTime: fc.constantFrom(null, '10:30:00'),
  reference: fc.constantFrom('473078', '00683473078', '683473078', '00999473078', '99473078'),
  payerPhoneMask: fc.constant(null),
  concept: fc.constant(''),
});

/** One thing that somebody does next: an answer arrives, or a step of a binding is taken, perhaps once more. */
const someAct = fc.record({
  claim: fc.nat({ max: CLAIMED.length - 1 }),
  what: fc.constantFrom('hear' as const, 'hear' as const, 'bind' as const, 'settle' as const),
  /** Which rows an answer shows, one bit each. */
  shown: fc.nat({ max: 63 }),
});
type Act = typeof someAct extends fc.Arbitrary<infer Value> ? Value : never;

/** The real deciders over streams in memory; every act reads its stream anew, as a retried append does. */
class Market {
  readonly transactions: Transaction[] = CLAIMED.map((claim) =>
    transactionAggregate.evolve(transactionAggregate.initialState, happened.submitted(claim)),
  );
  private readonly slots = new Map<string, Slot>();
  /** What each slot said to each proposal: as the record that step 3 rests on. */
  private readonly said = new Map<string, Decision<unknown>>();
  private asks = 0;

  constructor(private readonly rows: readonly Movement[]) {}

  take({ claim, what, shown }: Act): void {
    if (what === 'hear') this.hear(claim, shown);
    else if (what === 'bind') this.bind(claim);
    else this.settle(claim);
  }

  private hear(at: number, shown: number): void {
    const state = this.transactions[at];
    const claim = CLAIMED[at];
    if (state === undefined || state.status === 'none' || claim === undefined) return;
    const rows = this.rows.filter((_, index) => (shown >> index) % 2 === 1);
    if (rows.length === 0) return;
    for (const row of rows) this.observe(row);
    const match = matchMovement({
      claim: {
        kind: claim.kind,
        originBank: claim.originBank,
        reference: claim.reference,
        amountMinor: BigInt(claim.amountMinor),
        currency: claim.currency as Currency,
        paidOn: PAID_ON,
        payerPhone: null,
        payerDocument: null,
        receivingAccount: ACCOUNT,
      },
      rows,
      tolerance: TOLERANCE,
      rules: RULES,
    });
    const known = {
      standing: standingOf(state.status),
      lastProposed: null,
      claim: { paidOn: PAID_ON, visibleBy: claim.visibleBy },
    };
    const answer = { outcome: 'found' as const, movements: rows };
    const [step] = afterAnswer(known, { answer, match, askedOn: PAID_ON, at: now });
    if (step?.do !== 'propose') return;
    this.asks += 1;
    const askId = `ask ${this.asks}`;
    const proposal = {
      proposalId: `${claim.transactionId} ${askId}`,
      slot: slotOf(step.movement, SCOPE),
      movement: toObserved(step.movement),
      askId,
    };
    this.record(at, proposeBinding(state, proposal, now));
  }

  /** Step 2; a repeat of it must change nothing. */
  private bind(at: number): void {
    const state = this.transactions[at];
    if (state === undefined || state.status === 'none' || state.binding === null) return;
    const { proposalId, slot, movement } = state.binding;
    const { transactionId, merchantId, externalId } = state.claim;
    const before = this.slots.get(slot) ?? slotAggregate.initialState;
    const named = { transactionId, merchantId, externalId, proposalId, slot, movement };
    const decision = bind(before, { ...named, askId: 'ask', referenceDigits: 6, now });
    if (decision.outcome === 'accepted') {
      this.slots.set(slot, decision.events.reduce<Slot>(slotAggregate.evolve, before));
    }
    this.said.set(proposalId, decision);
  }

  /** Step 3, by what the slot said. */
  private settle(at: number): void {
    const state = this.transactions[at];
    if (state === undefined || state.status === 'none' || state.binding === null) return;
    const { proposalId } = state.binding;
    const said = this.said.get(proposalId);
    if (said === undefined) return;
    if (said.outcome === 'accepted') {
      this.record(at, confirmBinding(state, { proposalId }, now));
      return;
    }
    const { boundTo, merchantId, externalId } = said.facts;
    const holder = {
      transactionId: String(boundTo),
      merchantId: String(merchantId),
      externalId: String(externalId),
    };
    this.record(at, refuseBinding(state, { proposalId, holder }, now));
  }

  private observe(row: Movement): void {
    const slot = slotOf(row, SCOPE);
    const before = this.slots.get(slot) ?? slotAggregate.initialState;
    const decision = observe(before, { slot, rows: [toObserved(row)], askId: 'ask', now });
    if (decision.outcome === 'rejected') return;
    this.slots.set(slot, decision.events.reduce<Slot>(slotAggregate.evolve, before));
  }

  private record(at: number, decision: Decision<TransactionEvent>): void {
    const state = this.transactions[at];
    if (state === undefined || decision.outcome === 'rejected') return;
    this.transactions[at] = decision.events.reduce<Transaction>(transactionAggregate.evolve, state);
  }

  /** The movement behind each verdict, by its claim. */
  get verified(): readonly { readonly transactionId: string; readonly row: Movement }[] {
    return this.transactions.flatMap((state) => {
      if (state.status !== 'verified') return [];
      const slot = this.slots.get(state.held?.slot ?? '');
      const row = slot?.rows.get(state.held?.movementKey ?? '');
      if (row === undefined) throw new Error('verified by a row that no slot holds');
      return [{ transactionId: state.claim.transactionId, row: fromObserved(row) }];
    });
  }
}

const play = (rows: readonly Movement[], acts: readonly Act[]): Market => {
  const market = new Market(rows);
  for (const act of acts) market.take(act);
  // Whoever is left in the middle is finished by the recovery worker.
  for (const what of ['bind', 'settle'] as const) {
    CLAIMED.forEach((_, claim) => market.take({ claim, what, shown: 0 }));
  }
  return market;
};

const anyPlay = fc.tuple(
  fc.array(someRow, { minLength: 1, maxLength: 6 }),
  fc.array(someAct, { maxLength: 40 }),
);

describe('verifying claims that may be about one payment, in any order of steps', () => {
  it('binds no movement to two claims', () => {
    fc.assert(
      fc.property(anyPlay, ([rows, acts]) => {
        const keys = play(rows, acts).verified.map(({ row }) => toObserved(row).movementKey);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { numRuns: 2_000 },
    );
  });

  it('verifies no two claims by rows that could be the same movement', () => {
    fc.assert(
      fc.property(anyPlay, ([rows, acts]) => {
        const { verified } = play(rows, acts);
        for (const one of verified) {
          for (const other of verified) {
            if (one.transactionId === other.transactionId) continue;
            expect(couldBeSameMovement(one.row, other.row, 6)).toBe(false);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('verifies by credits of the claim’s currency and account within the tolerance only', () => {
    fc.assert(
      fc.property(anyPlay, ([rows, acts]) => {
        for (const { row } of play(rows, acts).verified) {
          expect(row).toMatchObject({ direction: 'credit', currency: 'VES' });
          expect(row.account).not.toBe('01340000000000000001');
          expect([11_999n, 12_000n, 12_001n]).toContain(row.amountMinor);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves no claim in the middle of a binding', () => {
    fc.assert(
      fc.property(anyPlay, ([rows, acts]) => {
        for (const state of play(rows, acts).transactions) {
          expect(state.status === 'none' || state.binding === null).toBe(true);
        }
      }),
    );
  });

  it('does verify: the property is about something', () => {
    const counts = fc
      .sample(anyPlay, { numRuns: 300, seed: 7 })
      .map(([rows, acts]) => play(rows, acts).verified.length);
    expect(Math.max(...counts)).toBeGreaterThanOrEqual(2);
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(30);
  });
});
