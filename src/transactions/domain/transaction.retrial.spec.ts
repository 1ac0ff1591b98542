import * as fc from 'fast-check';
import {
  aClaim,
  aMovement,
  anId,
  happened,
  minutesLater,
} from '../../../test/support/a-transaction.js';
import type { RecordedStep } from '../../kernel/retrial.js';
import { transactionExpired } from '../events/transaction-expired.event.js';
import type { TransactionEvent } from '../events/transaction.event.js';
import {
  closeUnansweredAsk,
  recordAnswer,
  requestVerification,
  startAsk,
} from './asking.decisions.js';
import { confirmBinding, proposeBinding, refuseBinding } from './binding.decisions.js';
import { cancel, expire, flagForReview, rejectByRule } from './closing.decisions.js';
import { erase } from './erasure.decisions.js';
import { correct, reserveKey } from './correction.decisions.js';
import { reopen, resolveReview, reverse } from './review.decisions.js';
import { submit } from './submission.decisions.js';
import { transactionIdOf } from './transaction-id.js';
import type { TransactionDecision } from './transaction.guards.js';
import { retryTransaction } from './transaction.retrial.js';
import { evolve, initialState, type Transaction } from './transaction.js';

type Step = RecordedStep<Transaction, TransactionEvent>;
type Command = (state: Transaction, now: Date) => TransactionDecision;

const claim = aClaim({
  transactionId: transactionIdOf(aClaim(), 0),
  payer: { ...aClaim().payer, sealed: { keyId: 'k', box: 'b' } },
});
const nobody = { phone: null, document: null, name: null };
const version = (state: Transaction): number => (state.status === 'none' ? 0 : state.version);
const person = (state: Transaction) => ({
  by: 'user:1',
  reason: 'a person said so',
  seenVersion: version(state),
});

const keys = fc.constantFrom('a', 'b');
const movements = fc
  .record({ movementKey: keys, amountMinor: fc.constantFrom(12_000, 12_001) })
  .map(aMovement);
const holders = fc.constantFrom(
  { transactionId: anId('holder'), merchantId: claim.merchantId, externalId: claim.externalId },
  { transactionId: anId('holder'), merchantId: anId('another'), externalId: 'order-2' },
);
const answer = happened.askAnswered().data;

const correction = {
  originBank: claim.originBank,
  paidOn: claim.paidOn,
  amountMinor: claim.amountMinor,
  payer: claim.payer,
  reservedKey: null,
  visibleBy: claim.visibleBy,
  correctedBy: 'api_key:1',
  reason: null,
};

/** Everything that anybody can decide, with content of every kind; most of it is refused in most states. */
const commands: fc.Arbitrary<Command> = fc.oneof(
  fc.constant<Command>((state, now) =>
    startAsk(
      state,
      {
        askId: anId(`ask ${state.status === 'none' ? 0 : state.asks.started}`),
        credentialId: 'banesco',
        permitId: anId('permit'),
        askedOn: claim.paidOn,
        deadlineAt: new Date(now.getTime() + 1_000),
        asksSeen: state.status === 'none' ? 0 : state.asks.started,
      },
      now,
    ),
  ),
  fc.constantFrom('not_visible_yet', 'found', 'unavailable').map(
    (outcome): Command =>
      (state, now) =>
        recordAnswer(
          state,
          {
            ...answer,
            outcome,
            askId: state.status === 'none' ? '' : (state.asks.open?.askId ?? ''),
          },
          now,
        ),
  ),
  fc.constant<Command>((state, now) =>
    closeUnansweredAsk(
      state,
      { askId: state.status === 'none' ? '' : (state.asks.open?.askId ?? '') },
      now,
    ),
  ),
  fc.tuple(movements, fc.uuid()).map(
    ([movement, proposalId]): Command =>
      (state, now) =>
        proposeBinding(state, { proposalId, slot: 's', movement, askId: anId('ask') }, now),
  ),
  fc.constant<Command>((state, now) =>
    confirmBinding(
      state,
      { proposalId: state.status === 'none' ? '' : (state.binding?.proposalId ?? '') },
      now,
    ),
  ),
  holders.map(
    (holder): Command =>
      (state, now) =>
        refuseBinding(
          state,
          { proposalId: state.status === 'none' ? '' : (state.binding?.proposalId ?? ''), holder },
          now,
        ),
  ),
  fc
    .tuple(
      fc.constantFrom('amount_differs', 'movement_already_bound', 'reversal_suspected'),
      fc.array(movements, { maxLength: 2 }),
    )
    .map(
      ([reason, candidates]): Command =>
        (state, now) =>
          flagForReview(state, { reason, candidates, note: null }, now),
    ),
  fc.constant<Command>((state, now) =>
    rejectByRule(state, { reason: 'duplicate_of', duplicateOf: anId('twin'), note: null }, now),
  ),
  fc.constant<Command>((state, now) => expire(state, now)),
  fc.constant<Command>((state, now) =>
    expire(state, now, { sweepId: anId('sweep'), answeredAt: now.toISOString() }),
  ),
  fc.constant<Command>((state, now) => cancel(state, { cancelledBy: 'user:1', reason: null }, now)),
  fc
    .oneof(
      fc.constantFrom({ outcome: 'reject' as const }, { outcome: 'ask_again' as const }),
      fc.record({
        outcome: fc.constant('verify' as const),
        movementKey: keys,
        slot: fc.constant('s'),
        proposalId: fc.uuid(),
      }),
    )
    .map(
      (resolution): Command =>
        (state, now) =>
          resolveReview(state, { ...person(state), resolution }, now),
    ),
  fc.constant<Command>((state, now) =>
    erase(state, { erasedBy: 'user:1', reason: 'asked for' }, now),
  ),
  fc.constant<Command>((state, now) =>
    requestVerification(state, { requestedBy: 'api_key:1' }, now),
  ),
  fc.constantFrom('000683473078', '000683473079').map(
    (reference): Command =>
      (state, now) =>
        correct(
          state,
          {
            ...correction,
            reference,
            seenVersion: version(state),
            matchUntil: minutesLater(60 * 24 * 60).toISOString(),
          },
          now,
        ),
  ),
  fc.constant<Command>((state, now) => reverse(state, person(state), now)),
  fc.constant<Command>((state, now) => reopen(state, person(state), now)),
);

const submission: Command = (state) => submit(state, { claim, payer: nobody, recordedPayer: null });

/** The steps of a life in which these commands came in turn, some hours apart. */
function lived(turns: readonly Command[]): readonly Step[] {
  const steps: Step[] = [];
  let state: Transaction = initialState;
  [submission, ...turns].forEach((command, turn) => {
    const decision = command(state, minutesLater(turn * 150));
    for (const event of decision.outcome === 'accepted' ? decision.events : []) {
      steps.push({ before: state, event });
      state = evolve(state, event);
    }
  });
  return steps;
}

describe('deciding the recorded events of a transaction once more', () => {
  it('records the very same, whatever happened to it', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(commands, { minLength: 5, maxLength: 40 }), (turns) => {
        const steps = lived(turns);
        steps.forEach((step, at) => {
          seen.add(step.event.type);
          expect(retryTransaction(step, steps[at - 1] ?? null)).toEqual({
            outcome: 'accepted',
            events: [step.event],
          });
        });
      }),
      // With a seed, so that every kind of event surely comes.
      { numRuns: 600, seed: 20_261_122 },
    );
    // Otherwise the property says nothing of those that never came.
    expect(seen.size).toBe(15);
  });

  it.each<[string, TransactionEvent[], TransactionEvent]>([
    ['a verdict without a binding', [], happened.verified()],
    ['an answer that was not asked for', [], happened.askAnswered()],
    [
      'a withdrawal of what is verified',
      [happened.bindingProposed(), happened.verified()],
      happened.cancelled(),
    ],
    ['a second submission', [], happened.submitted(claim)],
  ])('does not repeat %s', (_, history, event) => {
    const before = [happened.submitted(claim), ...history].reduce<Transaction>(
      evolve,
      initialState,
    );
    const again = retryTransaction({ before, event }, null);

    expect(again.outcome === 'rejected' || again.events.length === 0).toBe(true);
  });

  it.each([
    [
      'rejected as told twice',
      happened.rejected({ reason: 'duplicate_of', duplicateOf: anId('holder') }),
    ],
    [
      'left to a person',
      happened.flagged({ reason: 'movement_already_bound', candidates: [aMovement()] }),
    ],
  ])('takes a claim that was %s beside a refusal of version 1 for what it was', (_, second) => {
    const history = [happened.submitted(claim), happened.bindingProposed()];
    const before = history.reduce<Transaction>(evolve, initialState);
    const first = { before, event: happened.bindingRefused({ sameOrder: null }) };
    const next = { before: evolve(before, first.event), event: second };

    expect(retryTransaction(first, null)).toEqual({ outcome: 'accepted', events: [first.event] });
    expect(retryTransaction(next, first)).toEqual({ outcome: 'accepted', events: [second] });
  });

  it('does not repeat an expiry before the credit must be visible', () => {
    const before = evolve(initialState, happened.submitted(claim));
    const early = transactionExpired({
      ...happened.expired().data,
      expiredAt: minutesLater(5).toISOString(),
    });

    expect(retryTransaction({ before, event: early }, null)).toMatchObject({
      outcome: 'rejected',
      code: 'no_conclusive_answer',
    });
  });

  it('does not let a verdict name another amount than its movement', () => {
    const before = [happened.submitted(claim), happened.bindingProposed()].reduce<Transaction>(
      evolve,
      initialState,
    );
    const event = happened.verified({ bankAmountMinor: 99_999 });

    expect(retryTransaction({ before, event }, null)).not.toMatchObject({ events: [event] });
  });

  it('repeats that a key was taken for a corrected claim, and only once', () => {
    const reservation = { reservedKey: anId('key'), transactionId: claim.transactionId };
    const taken = reserveKey(initialState, reservation, minutesLater(1));
    const [event] = taken.outcome === 'accepted' ? taken.events : [];
    if (event === undefined) throw new Error('a free key is taken');

    expect(retryTransaction({ before: initialState, event }, null)).toEqual(taken);
    const before = evolve(initialState, event);
    expect(retryTransaction({ before, event }, null)).toEqual({ outcome: 'accepted', events: [] });
  });
});
