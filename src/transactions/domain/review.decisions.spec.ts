import {
  aMovement,
  anId,
  happened,
  minutesLater,
  SLOT,
} from '../../../test/support/a-transaction.js';
import { after, given } from '../../../test/support/given.js';
import { reopen, resolveReview, reverse, type Resolution } from './review.decisions.js';
import type { Transaction } from './transaction.js';

const now = minutesLater(5);
const seen = (seenVersion: number) => ({ by: 'user:1', reason: 'receipt seen', seenVersion });
const resolving = (resolution: Resolution, version: number) => (state: Transaction) =>
  resolveReview(state, { ...seen(version), resolution }, now);
const naming = (movementKey: string): Resolution => ({
  outcome: 'verify',
  movementKey,
  slot: SLOT,
  proposalId: anId('persons'),
});

const shortByOne = aMovement({ movementKey: 'short', amountMinor: 11_999 });
const debit = aMovement({ movementKey: 'debit', direction: 'debit' });
const inReview = [
  happened.submitted(),
  happened.flagged({
    candidates: [shortByOne, debit, aMovement({ movementKey: 'usd', currency: 'USD' })],
  }),
];

describe('resolving a review', () => {
  it('binds the named movement although its amount differs, for the reason given', () => {
    given(...inReview)
      .when(resolving(naming('short'), 1))
      .thenEvents(
        happened.bindingProposed({
          proposalId: anId('persons'),
          movement: shortByOne,
          askId: null,
          proposedBy: 'user:1',
          reason: 'receipt seen',
          proposedAt: now.toISOString(),
        }),
      );
  });

  it.each([
    ['a movement that nobody showed', 'other', 'movement_unknown'],
    ['a debit', 'debit', 'not_a_credit'],
    ['another currency', 'usd', 'currency_differs'],
  ] as const)('refuses %s, whoever decides', (_, movementKey, code) => {
    given(...inReview)
      .when(resolving(naming(movementKey), 1))
      .thenRejected(code);
  });

  it('rejects with the name and the reason of the person', () => {
    given(...inReview)
      .when(resolving({ outcome: 'reject' }, 1))
      .thenMatches({
        data: { reason: 'refused_in_review', rejectedBy: 'user:1', note: 'receipt seen' },
      });
  });

  it('sends the claim back to be asked again', () => {
    given(...inReview)
      .when(resolving({ outcome: 'ask_again' }, 1))
      .thenMatches({ data: { returnedBy: 'user:1', reason: 'receipt seen' } });
  });

  it('refuses a decision on an older version, and names the newer', () => {
    given(...inReview, happened.flagged({ candidates: [aMovement({ movementKey: 'new' })] }))
      .when(resolving({ outcome: 'reject' }, 1))
      .thenRejected('newer_fact', { version: 2, transaction_status: 'needs_review' });
  });

  it('does not take an ask for a newer fact', () => {
    given(...inReview, happened.askStarted(), happened.askAnswered())
      .when(resolving({ outcome: 'reject' }, 1))
      .thenMatches({ type: 'TransactionRejected.v1' });
  });
});

const verified = [happened.submitted(), happened.bindingProposed(), happened.verified()];
const suspected = [
  ...verified,
  happened.flagged({ reason: 'reversal_suspected', candidates: [debit] }),
];

describe('settling a suspected reversal', () => {
  it('keeps the movement bound while it is looked at', () => {
    expect(after(suspected)).toMatchObject({ held: { movementKey: aMovement().movementKey } });
  });

  it('verifies again by the movement that is bound', () => {
    given(...suspected)
      .when(resolving(naming(aMovement().movementKey), 3))
      .thenMatches({ type: 'BindingProposed.v1' });
  });

  it('refuses another movement while one is bound', () => {
    given(...suspected, happened.flagged({ candidates: [shortByOne] }))
      .when(resolving(naming('short'), 4))
      .thenRejected('movement_held');
  });

  it('reverses, with the movement still bound', () => {
    given(...suspected)
      .when((state) => reverse(state, seen(3), now))
      .thenMatches({ type: 'TransactionReversed.v1', data: { reversedBy: 'user:1' } });
    expect(after([...suspected, happened.reversed()])).toMatchObject({
      status: 'reversed',
      held: { slot: SLOT },
    });
  });
});

describe('reopening', () => {
  const reopening = (version: number) => (state: Transaction) => reopen(state, seen(version), now);

  it('lets go of a movement that was bound by mistake', () => {
    given(...verified)
      .when(reopening(2))
      .thenMatches({
        data: { reason: 'reopened', note: 'receipt seen', candidates: [aMovement()] },
      });
    expect(after([...verified, happened.flagged({ reason: 'reopened' })])).toMatchObject({
      status: 'needs_review',
      held: null,
    });
  });

  it('keeps hold of the movement of a reversal that was none', () => {
    const reopened = [...verified, happened.reversed(), happened.flagged({ reason: 'reopened' })];

    expect(after(reopened)).toMatchObject({ status: 'needs_review', held: { slot: SLOT } });
  });

  it('refuses an older version', () => {
    given(...verified)
      .when(reopening(1))
      .thenRejected('newer_fact', { version: 2 });
  });
});
