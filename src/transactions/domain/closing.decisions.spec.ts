import {
  aMovement,
  anId,
  happened,
  minutesLater,
  VISIBLE_WITHIN_MINUTES,
} from '../../../test/support/a-transaction.js';
import { given } from '../../../test/support/given.js';
import { cancel, expire, flagForReview, rejectByRule } from './closing.decisions.js';
import type { Transaction } from './transaction.js';

const now = minutesLater(VISIBLE_WITHIN_MINUTES + 2);
const expiring = (state: Transaction) => expire(state, now);
const answeredAfter = (minutes: number) =>
  happened.askAnswered({ answeredAt: minutesLater(minutes).toISOString() });

describe('expiring a claim', () => {
  const asked = [happened.submitted(), happened.askStarted()];

  it('names the answer that allows it', () => {
    given(...asked, answeredAfter(VISIBLE_WITHIN_MINUTES + 1))
      .when(expiring)
      .thenEvents(happened.expired());
  });

  it('refuses an answer that came before the credit had to be visible, or at that instant', () => {
    for (const minutes of [1, VISIBLE_WITHIN_MINUTES - 1, VISIBLE_WITHIN_MINUTES]) {
      given(...asked, answeredAfter(minutes))
        .when(expiring)
        .thenRejected('no_conclusive_answer');
    }
  });

  it.each([
    'found',
    'invalid_query',
    'credentials_refused',
    'rate_limited',
    'maintenance',
    'unavailable',
    'outcome_unknown',
    'range_too_large',
    'already_reconciled',
  ] as const)('never takes %s for a no', (outcome) => {
    const answeredAt = now.toISOString();

    given(...asked, happened.askAnswered({ outcome, answeredAt }))
      .when(expiring)
      .thenRejected('no_conclusive_answer');
  });

  it('refuses an answer about a neighbouring day', () => {
    given(
      happened.submitted(),
      happened.askStarted({ askedOn: '2026-03-11' }),
      answeredAfter(VISIBLE_WITHIN_MINUTES + 1),
    )
      .when(expiring)
      .thenRejected('no_conclusive_answer');
  });

  it('takes a listing that covered the claim and held nothing of it', () => {
    const sweep = { sweepId: anId('sweep'), answeredAt: now.toISOString() };

    given(happened.submitted())
      .when((state) => expire(state, now, sweep))
      .thenMatches({ type: 'TransactionExpired.v1', data: { askId: anId('sweep') } });
  });

  it('refuses a listing that came before the credit had to be visible', () => {
    const sweep = { sweepId: anId('sweep'), answeredAt: minutesLater(1).toISOString() };

    given(happened.submitted())
      .when((state) => expire(state, now, sweep))
      .thenRejected('no_conclusive_answer');
  });

  it('keeps a conclusive answer although a later ask failed', () => {
    given(
      ...asked,
      answeredAfter(VISIBLE_WITHIN_MINUTES + 1),
      happened.askStarted({ askId: anId('second') }),
      happened.askAnswered({ askId: anId('second'), outcome: 'unavailable' }),
    )
      .when(expiring)
      .thenMatches({ type: 'TransactionExpired.v1', data: { askId: anId('ask') } });
  });

  it('asks anew after a reviewer sent the claim back', () => {
    given(
      ...asked,
      answeredAfter(VISIBLE_WITHIN_MINUTES + 1),
      happened.flagged(),
      happened.returnedToPending(),
    )
      .when(expiring)
      .thenRejected('no_conclusive_answer');
  });
});

describe('flagging for review', () => {
  const evidence = aMovement({ movementKey: 'e' });
  const flagging =
    (candidates = [evidence]) =>
    (state: Transaction) =>
      flagForReview(state, { reason: 'ambiguous_movements', candidates, note: null }, now);

  it('shows the evidence and the reason', () => {
    given(happened.submitted())
      .when(flagging())
      .thenMatches({
        data: { reason: 'ambiguous_movements', candidates: [evidence], flaggedBy: 'machine' },
      });
  });

  it('adds evidence to a claim in review under the reason that it has', () => {
    given(happened.submitted(), happened.flagged())
      .when(flagging())
      .thenMatches({ data: { reason: 'amount_differs', candidates: [evidence] } });
  });

  it('adds nothing that the reviewer has seen', () => {
    given(happened.submitted(), happened.flagged({ candidates: [evidence] }))
      .when(flagging())
      .thenNothing();
  });

  it('opens a verdict only for a suspected reversal', () => {
    const verified = [happened.submitted(), happened.bindingProposed(), happened.verified()];

    given(...verified)
      .when(flagging())
      .thenRejected('not_allowed_in_status', { transaction_status: 'verified' });
    given(...verified)
      .when((state) =>
        flagForReview(
          state,
          { reason: 'reversal_suspected', candidates: [evidence], note: null },
          now,
        ),
      )
      .thenMatches({ data: { reason: 'reversal_suspected' } });
  });
});

describe('rejecting by rule', () => {
  it('says which rule, and of which transaction it is the double', () => {
    given(happened.submitted())
      .when((state) =>
        rejectByRule(
          state,
          { reason: 'duplicate_of', duplicateOf: anId('holder'), note: null },
          minutesLater(3),
        ),
      )
      .thenEvents(happened.rejected({ reason: 'duplicate_of', duplicateOf: anId('holder') }));
  });

  it('takes the same refusal again without a new fact', () => {
    given(happened.submitted(), happened.rejected())
      .when((state) => rejectByRule(state, { reason: 'claim_invalid', note: null }, now))
      .thenNothing();
  });
});

describe('cancelling', () => {
  it('names who withdrew the claim', () => {
    given(happened.submitted())
      .when((state) => cancel(state, { cancelledBy: 'api_key:1', reason: null }, minutesLater(4)))
      .thenEvents(happened.cancelled());
  });

  it('does not disturb a binding, and names it', () => {
    given(happened.submitted(), happened.bindingProposed())
      .when((state) => cancel(state, { cancelledBy: 'api_key:1', reason: null }, now))
      .thenRejected('binding_in_progress', { proposal_id: anId('proposal') });
  });
});
