import { aClaim, anId, happened } from '../../../test/support/a-transaction.js';
import { given } from '../../../test/support/given.js';
import { submit, type PayerIdentity } from './submission.decisions.js';

const payer: PayerIdentity = { phone: '+584121234567', document: 'V12345678', name: 'Ana' };
const submitting =
  (claim = aClaim(), paidBy = payer, recordedPayer: PayerIdentity | null = payer) =>
  (state: Parameters<typeof submit>[0]) =>
    submit(state, { claim, payer: paidBy, recordedPayer });

describe('submitting a claim', () => {
  it('records the first one as it came', () => {
    given().when(submitting()).thenEvents(happened.submitted());
  });

  it('takes the same content again without a new fact', () => {
    given(happened.submitted()).when(submitting()).thenNothing();
  });

  it('lets a repeat come with another box, another instant and another deadline', () => {
    const again = aClaim({
      payer: { ...aClaim().payer, sealed: { keyId: 'other', box: 'other' } },
      submittedAt: '2026-03-11T00:00:00.000Z',
      visibleBy: '2026-03-12T00:00:00.000Z',
      toleranceOverMinor: 5,
    });

    given(happened.submitted()).when(submitting(again)).thenNothing();
  });

  it.each([
    ['amount', { amountMinor: 12_001 }],
    ['currency', { currency: 'USD' }],
    ['type', { type: 'other' as const }],
    ['external id', { externalId: 'order-2' }],
  ])(
    'refuses another %s under the same key and names the transaction that is there',
    (_, other) => {
      given(happened.submitted())
        .when(submitting(aClaim(other)))
        .thenRejected('duplicate_reference', { transaction_id: anId('transaction') });
    },
  );

  it.each([
    ['phone', { phone: '+584121234568' }],
    ['document', { document: null }],
    ['name', { name: 'Eva' }],
  ])("refuses a payer's other %s", (_, other) => {
    given(happened.submitted())
      .when(submitting(aClaim(), { ...payer, ...other }))
      .thenRejected('duplicate_reference');
  });

  it('takes any payer for the same once the recorded one is erased', () => {
    given(happened.submitted())
      .when(submitting(aClaim(), { phone: null, document: null, name: 'Eva' }, null))
      .thenNothing();
  });

  it.each([
    ['cancelled', happened.cancelled()],
    ['rejected', happened.rejected()],
  ])('leaves a %s claim to itself, so that the next occurrence can be taken', (_, ended) => {
    given(happened.submitted(), ended)
      .when(submitting())
      .thenRejected('predecessor_closed', { transaction_id: anId('transaction') });
  });
});
