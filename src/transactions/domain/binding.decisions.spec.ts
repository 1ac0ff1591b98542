import {
  aClaim,
  aMovement,
  anId,
  happened,
  MATCHED_FOR_MINUTES,
  minutesLater,
  SLOT,
} from '../../../test/support/a-transaction.js';
import { given } from '../../../test/support/given.js';
import {
  confirmBinding,
  proposeBinding,
  refuseBinding,
  type RefuseBinding,
} from './binding.decisions.js';
import type { Transaction } from './transaction.js';

const proposing =
  (movement = aMovement(), now = minutesLater(2)) =>
  (state: Transaction) =>
    proposeBinding(
      state,
      { proposalId: anId('proposal'), slot: SLOT, movement, askId: anId('ask') },
      now,
    );

describe('proposing to bind a movement', () => {
  it('names the movement, its slot and the ask that showed it', () => {
    given(happened.submitted()).when(proposing()).thenEvents(happened.bindingProposed());
  });

  it('binds nothing that was found for words the claim has no more', () => {
    const history = [happened.submitted(), happened.corrected()] as const;
    const proposal = {
      proposalId: anId('proposal'),
      slot: SLOT,
      movement: aMovement({ amountMinor: 12_500 }),
      askId: anId('ask'),
    };

    given(...history)
      .when((state) => proposeBinding(state, proposal, minutesLater(2)))
      .thenRejected('claim_corrected');
    given(...history)
      .when((state) => proposeBinding(state, { ...proposal, correctionsSeen: 1 }, minutesLater(2)))
      .thenMatches({ type: 'BindingProposed.v1' });
  });

  it('takes the same proposal again without a new fact', () => {
    given(happened.submitted(), happened.bindingProposed()).when(proposing()).thenNothing();
    given(happened.submitted(), happened.bindingProposed(), happened.verified())
      .when(proposing())
      .thenNothing();
  });

  it.each([
    { amountMinor: 11_999, code: 'amount_differs', difference: -1 },
    { amountMinor: 12_001, code: 'amount_differs', difference: 1 },
    { amountMinor: 0, code: 'amount_differs', difference: -12_000 },
  ] as const)(
    'refuses $amountMinor for 12000 where nothing is tolerated',
    ({ amountMinor, code, difference }) => {
      given(happened.submitted())
        .when(proposing(aMovement({ amountMinor })))
        .thenRejected(code, { amount_difference: difference });
    },
  );

  it.each([
    [11_889, 'amount_differs'],
    [11_890, null],
    [12_000, null],
    [12_005, null],
    [12_006, 'amount_differs'],
  ] as const)('judges %d for 12000 by a tolerance of -110 and +5', (amountMinor, code) => {
    const step = given(
      happened.submitted({ toleranceUnderMinor: 110, toleranceOverMinor: 5 }),
    ).when(proposing(aMovement({ amountMinor })));

    if (code === null) step.thenMatches({ type: 'BindingProposed.v1' });
    else step.thenRejected(code);
  });

  it('refuses a debit and another currency', () => {
    given(happened.submitted())
      .when(proposing(aMovement({ direction: 'debit' })))
      .thenRejected('not_a_credit');
    given(happened.submitted())
      .when(proposing(aMovement({ currency: 'USD' })))
      .thenRejected('currency_differs');
  });

  it('refuses an expired claim whose time of matching is over', () => {
    given(happened.submitted(), happened.expired())
      .when(proposing(aMovement(), minutesLater(MATCHED_FOR_MINUTES + 1)))
      .thenRejected('match_period_over');
  });
});

const confirming = (state: Transaction) =>
  confirmBinding(state, { proposalId: anId('proposal') }, minutesLater(3));

describe('confirming a binding', () => {
  it('verifies with the amount and the day of the bank', () => {
    given(happened.submitted(), happened.bindingProposed())
      .when(confirming)
      .thenEvents(happened.verified());
  });

  it('keeps the difference and the tolerance that allowed it', () => {
    given(
      happened.submitted({ toleranceUnderMinor: 10, toleranceOverMinor: 0 }),
      happened.bindingProposed({ movement: aMovement({ amountMinor: 11_995 }) }),
    )
      .when(confirming)
      .thenMatches({
        data: { bankAmountMinor: 11_995, amountDifferenceMinor: -5, toleranceUnderMinor: 10 },
      });
  });

  it('calls a verdict late once the claim had expired', () => {
    given(happened.submitted(), happened.expired(), happened.bindingProposed())
      .when(confirming)
      .thenMatches({ data: { late: true } });
    given(
      happened.submitted(),
      happened.expired(),
      happened.flagged(),
      happened.returnedToPending(),
      happened.bindingProposed(),
    )
      .when(confirming)
      .thenMatches({ data: { late: true } });
  });

  it('names the person who decided, and why', () => {
    given(
      happened.submitted(),
      happened.flagged(),
      happened.bindingProposed({ proposedBy: 'user:7', reason: 'receipt seen' }),
    )
      .when(confirming)
      .thenMatches({ data: { decidedBy: 'user:7', reason: 'receipt seen' } });
  });

  it('takes the same confirmation again without a new fact', () => {
    given(happened.submitted(), happened.bindingProposed(), happened.verified())
      .when(confirming)
      .thenNothing();
  });
});

describe('refusing a binding', () => {
  const holder: RefuseBinding['holder'] = {
    transactionId: anId('holder'),
    merchantId: aClaim().merchantId,
    externalId: aClaim().externalId,
  };
  const refusing =
    (over: Partial<RefuseBinding['holder']> = {}) =>
    (state: Transaction) =>
      refuseBinding(
        state,
        { proposalId: anId('proposal'), holder: { ...holder, ...over } },
        minutesLater(3),
      );
  const proposed = [happened.submitted(), happened.bindingProposed()];

  it('rejects the second claim of one order as told twice', () => {
    given(...proposed)
      .when(refusing())
      .thenEvents(
        happened.bindingRefused(),
        happened.rejected({ reason: 'duplicate_of', duplicateOf: anId('holder') }),
      );
  });

  it.each([
    ['of another order', { externalId: 'order-2' }],
    ['of another merchant', { merchantId: anId('another') }],
  ])('leaves the claim %s to a person, without saying whose the movement is', (_, other) => {
    given(...proposed)
      .when(refusing(other))
      .thenEvents(
        happened.bindingRefused({ sameOrder: false }),
        happened.flagged({ reason: 'movement_already_bound', candidates: [aMovement()] }),
      );
  });

  it('never rejects by machine what a person had decided', () => {
    given(happened.submitted(), happened.flagged(), happened.bindingProposed())
      .when(refusing())
      .thenMatches({ type: 'BindingRefused.v2' }, { type: 'TransactionFlaggedForReview.v1' });
  });

  it('takes the same refusal again without a new fact', () => {
    given(...proposed, happened.bindingRefused(), happened.flagged())
      .when(refusing())
      .thenNothing();
  });
});
