import { aCaller, aContext } from '../../../test/support/a-submission.js';
import { anId, happened, minutesLater } from '../../../test/support/a-transaction.js';
import { InMemoryEventStore } from '../../../test/support/in-memory-event-store.js';
import { recorded } from '../../../test/support/recorded.js';
import { TestClock } from '../../../test/support/test-clock.js';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import { CommandIdReused } from '../../platform/event-store/command-runner.js';
import { EventStoreCommandRunner } from '../../platform/event-store/event-store-command-runner.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { transactionEvents } from '../events/transaction.event.js';
import { CancelTransaction } from './cancel-transaction.command.js';
import { CancelTransactionHandler } from './cancel-transaction.command-handler.js';

const world = async (...history: Parameters<typeof recorded>[1]) => {
  const store = new InMemoryEventStore(transactionEvents);
  await recorded(store, history);
  const cancel = (
    caller: CallerIdentity = aCaller(),
    idempotencyKey = 'k',
    reason: string | null = null,
  ) =>
    new CancelTransactionHandler(
      new EventStoreCommandRunner(store),
      new TestClock(minutesLater(4)),
      new Metrics(),
    ).execute(
      new CancelTransaction(
        { transactionId: anId('transaction'), caller, reason, idempotencyKey },
        aContext,
      ),
    );
  return { cancel };
};

describe('cancelling a transaction', () => {
  it('withdraws it, and says so again to a repeat', async () => {
    const { cancel } = await world(happened.submitted());

    expect(await cancel()).toMatchObject({ replayed: false, transaction: { status: 'cancelled' } });
    expect(await cancel()).toMatchObject({ replayed: true, transaction: { status: 'cancelled' } });
    expect(await cancel(aCaller(), 'another')).toMatchObject({ replayed: true });
  });

  it('refuses other content under the same key, and takes it under another', async () => {
    const { cancel } = await world(happened.submitted());
    await cancel(aCaller(), 'k', 'a mistake');

    await expect(cancel(aCaller(), 'k', 'another reason')).rejects.toThrow(CommandIdReused);
    expect(await cancel(aCaller({ actor: 'api_key:next' }), 'k', 'a mistake')).toMatchObject({
      replayed: true,
    });
    expect(await cancel(aCaller(), 'another', 'another reason')).toMatchObject({ replayed: true });
  });

  it('refuses while a movement is being bound', async () => {
    const { cancel } = await world(happened.submitted(), happened.bindingProposed());

    await expect(cancel()).rejects.toMatchObject({ rejection: { code: 'binding_in_progress' } });
  });

  it.each([
    ['another merchant', { merchantId: anId('another merchant') }],
    ['a key of the other mode', { mode: 'test' as const }],
  ])('does not exist for %s', async (_, over) => {
    const { cancel } = await world(happened.submitted());

    await expect(cancel(aCaller(over))).rejects.toMatchObject({
      rejection: { code: 'transaction_not_found' },
    });
  });

  it('lets staff withdraw any', async () => {
    const { cancel } = await world(happened.submitted());

    expect(await cancel(aCaller({ merchantId: null }))).toMatchObject({ replayed: false });
  });
});
