import { aCaller } from '../../../test/support/a-submission.js';
import { aClaim, aMovement, anId, happened } from '../../../test/support/a-transaction.js';
import { InMemoryEventStore } from '../../../test/support/in-memory-event-store.js';
import { InMemoryVault } from '../../../test/support/in-memory-vault.js';
import { recorded } from '../../../test/support/recorded.js';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import { EventStoreCommandRunner } from '../../platform/event-store/event-store-command-runner.js';
import { transactionEvents, type TransactionEvent } from '../events/transaction.event.js';
import { GetTransaction } from './get-transaction.query.js';
import { GetTransactionHandler } from './get-transaction.query-handler.js';
import { transactionDetail } from './transaction-detail.resource.js';

const world = async (...history: readonly TransactionEvent[]) => {
  const store = new InMemoryEventStore(transactionEvents);
  const vault = new InMemoryVault();
  await recorded(store, history);
  const get = (caller: CallerIdentity = aCaller(), id = anId('transaction')) =>
    new GetTransactionHandler(new EventStoreCommandRunner(store), vault).execute(
      new GetTransaction(id, caller),
    );
  return { vault, get };
};

describe('getting a transaction from the log', () => {
  it('shows a pending claim with masks only', async () => {
    const { get } = await world(happened.submitted());

    const resource = await get();

    expect(transactionDetail.parse(resource)).toEqual(resource);
    expect(resource).toMatchObject({
      id: anId('transaction'),
      status: 'pending',
      status_reason: null,
      amount: 12_000,
      payer: { phone: '*******67', document: null, name: null },
      bank_amount: null,
      late: null,
      candidates: [],
      version: 0,
    });
  });

  it('shows the verdict with the amount and the day of the bank', async () => {
    const { get } = await world(
      happened.submitted({ toleranceUnderMinor: 5 }),
      happened.bindingProposed(),
      happened.verified({ bankAmountMinor: 11_999, amountDifferenceMinor: -1, late: true }),
    );

    expect(await get()).toMatchObject({
      status: 'verified',
      bank_on: '2026-03-10',
      bank_amount: 11_999,
      amount_difference: -1,
      late: true,
      version: 2,
    });
  });

  it('shows a reviewer the candidates, their phones masked as ours are', async () => {
    const { get } = await world(
      happened.submitted(),
      happened.flagged({ candidates: [aMovement({ payerPhoneMask: '5841********5031' })] }),
    );

    expect(await get()).toMatchObject({
      status: 'needs_review',
      status_reason: 'amount_differs',
      candidates: [{ movement_key: aMovement().movementKey, payer_phone: '*******31' }],
    });
  });

  it('names what a double is the double of', async () => {
    const { get } = await world(
      happened.submitted(),
      happened.rejected({ reason: 'duplicate_of', duplicateOf: anId('holder') }),
    );

    expect(await get()).toMatchObject({
      status_reason: 'duplicate_of',
      duplicate_of: anId('holder'),
    });
  });

  it("gives the merchant's own notes back until they are erased", async () => {
    const { vault } = await world();
    const sealed = await vault.seal({
      phone: null,
      document: null,
      name: null,
      concept: 'lunch',
      metadata: { table: '7' },
    });
    const store = new InMemoryEventStore(transactionEvents);
    await recorded(store, [happened.submitted({ payer: { ...aClaim().payer, sealed } })]);
    const get = () =>
      new GetTransactionHandler(new EventStoreCommandRunner(store), vault).execute(
        new GetTransaction(anId('transaction'), aCaller()),
      );

    expect(await get()).toMatchObject({ concept: 'lunch', metadata: { table: '7' } });
    await vault.erase([sealed.keyId]);
    expect(await get()).toMatchObject({ concept: null, metadata: null });
  });

  it.each([
    ['an unknown id', aCaller(), anId('unknown')],
    ['another merchant', aCaller({ merchantId: anId('another merchant') }), anId('transaction')],
    ['a key of the other mode', aCaller({ mode: 'test' }), anId('transaction')],
  ])('answers %s as if nothing were there', async (_, caller, id) => {
    const { get } = await world(happened.submitted());

    await expect(get(caller, id)).rejects.toMatchObject({
      rejection: { code: 'transaction_not_found', facts: {} },
    });
  });
});
