import { aCaller } from '../../../test/support/a-submission.js';
import { anId, happened } from '../../../test/support/a-transaction.js';
import { InMemoryEventStore } from '../../../test/support/in-memory-event-store.js';
import { recorded } from '../../../test/support/recorded.js';
import { transactionEvents } from '../events/transaction.event.js';
import { GetTransactionEvents } from './get-transaction-events.query.js';
import { GetTransactionEventsHandler } from './get-transaction-events.query-handler.js';
import { transactionHistory } from './transaction-history.js';

const ALL = Object.values(happened).map((event) => event());

const historyOf = async (caller = aCaller()) => {
  const store = new InMemoryEventStore(transactionEvents);
  await recorded(store, ALL);
  return new GetTransactionEventsHandler(store).execute(
    new GetTransactionEvents(anId('transaction'), caller),
  );
};

describe('telling what happened to a transaction', () => {
  it('tells every kind of event under its public name, oldest first', async () => {
    const history = await historyOf();

    expect(transactionHistory.parse(history)).toEqual(history);
    expect(history.data.map(({ version, event }) => [version, event])).toEqual([
      [0, 'transaction.submitted'],
      [1, 'ask.started'],
      [2, 'ask.answered'],
      [3, 'binding.proposed'],
      [4, 'binding.refused'],
      [5, 'transaction.verified'],
      [6, 'transaction.needs_review'],
      [7, 'transaction.rejected'],
      [8, 'transaction.expired'],
      [9, 'transaction.cancelled'],
      [10, 'transaction.reversed'],
      [11, 'transaction.returned_to_pending'],
      [12, 'transaction.corrected'],
      [13, 'key.reserved'],
      [14, 'verification.requested'],
      [15, 'personal_data.erased'],
    ]);
  });

  it('names who caused each, and tells nothing of the payer or of who else holds a movement', async () => {
    const history = await historyOf();

    expect(history.data[0]).toMatchObject({ actor: 'api_key:1', details: { amount: 12_000 } });
    const text = JSON.stringify(history);
    expect(text).not.toContain(anId('holder'));
    expect(text).not.toMatch(/phone|sealed|5841/);
  });

  it('does not exist for another merchant', async () => {
    await expect(historyOf(aCaller({ merchantId: anId('another') }))).rejects.toMatchObject({
      rejection: { code: 'transaction_not_found' },
    });
  });
});
