import { aClaim, anId, happened, minutesLater } from '../../../test/support/a-transaction.js';
import { after, given } from '../../../test/support/given.js';
import { correct, keyTaken, MAX_CORRECTIONS, reserveKey } from './correction.decisions.js';
import { occurrenceOf, transactionIdOf } from './transaction-id.js';
import { initialState } from './transaction.js';

const NOW = minutesLater(10);
const { correctedAt: _, ...words } = happened.corrected().data;
const corrected = happened.corrected({ correctedAt: NOW.toISOString() });
const correctAt = (seenVersion: number) => (state: Parameters<typeof correct>[0]) =>
  correct(state, { ...words, seenVersion }, NOW);

describe('correcting a claim', () => {
  it('amends what is pending, expired or in review', () => {
    given(happened.submitted()).when(correctAt(0)).thenEvents(corrected);
    given(happened.submitted(), happened.expired()).when(correctAt(1)).thenEvents(corrected);
    given(happened.submitted(), happened.flagged()).when(correctAt(1)).thenEvents(corrected);
  });

  it('waits for an answer to the former words', () => {
    given(happened.submitted(), happened.askStarted())
      .when(correctAt(0))
      .thenRejected('ask_in_progress');
  });

  it('is made on the version that was seen', () => {
    given(happened.submitted(), happened.flagged())
      .when(correctAt(0))
      .thenRejected('newer_fact', { version: 1, transaction_status: 'needs_review' });
  });

  it('touches no claim that a movement is bound to, or that is matched no more', () => {
    given(happened.submitted(), happened.bindingProposed(), happened.verified())
      .when(correctAt(2))
      .thenRejected('not_allowed_in_status');
    given(happened.submitted({ matchUntil: minutesLater(9).toISOString() }), happened.expired())
      .when(correctAt(1))
      .thenRejected('match_period_over');
  });

  it('is bounded', () => {
    const often = Array.from({ length: MAX_CORRECTIONS }, () => happened.corrected());

    given(happened.submitted(), ...often.slice(1))
      .when(correctAt(MAX_CORRECTIONS - 1))
      .thenEvents(corrected);
    given(happened.submitted(), ...often)
      .when(correctAt(MAX_CORRECTIONS))
      .thenRejected('too_many_corrections');
  });
});

describe('holding the key of a corrected claim', () => {
  const key = transactionIdOf({ ...aClaim(), reference: words.reference, paidOn: words.paidOn }, 0);
  const transactionId = anId('transaction');
  const claimant = { key, transactionId: anId('claimant') };
  const reserved = after([happened.keyReserved()]);
  const holder = after([happened.submitted(), happened.corrected()]);
  const ofClaimant = { key, transactionId };

  it('finds it free, one’s own, another’s or given up', () => {
    const other = after([happened.submitted()]);

    expect(
      occurrenceOf({ ...aClaim(), reference: words.reference, paidOn: words.paidOn }, key),
    ).toBe(0);
    expect(keyTaken(initialState, null, claimant)).toEqual({ taken: 'free' });
    expect(keyTaken(reserved, holder, ofClaimant)).toEqual({ taken: 'own' });
    expect(keyTaken(other, null, ofClaimant)).toEqual({ taken: 'own' });
    expect(keyTaken(other, null, claimant)).toEqual({ taken: 'by', transactionId });
    expect(keyTaken(reserved, holder, claimant)).toEqual({ taken: 'by', transactionId });
    expect(keyTaken(after([happened.submitted(), happened.cancelled()]), null, claimant)).toEqual({
      taken: 'given_up',
    });
  });

  it.each([
    ['never was written', [happened.submitted()]],
    [
      'was corrected again',
      [happened.submitted(), happened.corrected(), happened.corrected({ reference: '1234567' })],
    ],
    ['was given up', [happened.submitted(), happened.corrected(), happened.cancelled()]],
  ])('passes over a reservation whose correction %s', (_why, history) => {
    expect(keyTaken(reserved, after(history), claimant)).toEqual({ taken: 'given_up' });
  });

  it('is taken once, by a repeat too', () => {
    const reservation = { reservedKey: anId('corrected key'), transactionId };
    const at = minutesLater(6);

    expect(reserveKey(initialState, reservation, at)).toEqual({
      outcome: 'accepted',
      events: [happened.keyReserved()],
    });
    expect(reserveKey(reserved, reservation, at)).toEqual({ outcome: 'accepted', events: [] });
    expect(reserveKey(reserved, { ...reservation, transactionId: 'x' }, at)).toMatchObject({
      code: 'duplicate_reference',
      facts: { transaction_id: transactionId },
    });
    expect(reserveKey(after([happened.submitted()]), reservation, at)).toMatchObject({
      code: 'duplicate_reference',
    });
  });
});
