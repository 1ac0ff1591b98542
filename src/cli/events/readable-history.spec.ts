import { aSubmission, aContext } from '../../../test/support/a-submission.js';
import { aClaim, happened } from '../../../test/support/a-transaction.js';
import { InMemoryEventStore } from '../../../test/support/in-memory-event-store.js';
import { accept } from '../../kernel/rejection.js';
import { EventStoreCommandRunner } from '../../platform/event-store/event-store-command-runner.js';
import type { StoredEvent } from '../../platform/event-store/stored-event.js';
import { transactionAggregate } from '../../transactions/domain/transaction.js';
import {
  transactionEvents,
  type TransactionEvent,
} from '../../transactions/events/transaction.event.js';
import { readableHistory } from './readable-history.js';

type Known = StoredEvent & TransactionEvent;

const payer = {
  phoneMask: '*******67',
  documentMask: null,
  nameMask: null,
  sealed: { keyId: 'k', box: 'very secret' },
};
const history = [
  happened.submitted({ payer }),
  happened.askStarted(),
  happened.askAnswered(),
  happened.flagged({ note: null }),
];

const stored = async (): Promise<readonly Known[]> => {
  const store = new InMemoryEventStore(transactionEvents);
  const runner = new EventStoreCommandRunner(store);
  for (const [at, event] of history.entries()) {
    await runner.run({
      streamName: 'transaction-1',
      aggregate: transactionAggregate,
      commandId: `command ${at}`,
      context: aContext,
      decide: () => accept(event),
    });
  }
  const events = await store.readStream('transaction-1');
  return events.map((event, at) => ({
    ...event,
    recordedAt: new Date(Date.UTC(2026, 2, 10, 14, 0, at * 70)),
  })) as unknown as readonly Known[];
};

describe('telling a person what happened to a transaction', () => {
  it('says first what it is and where it stands, then each event with its time, actor and facts', async () => {
    const lines = readableHistory(await stored()).split('\n');

    expect(lines.slice(0, 5)).toEqual([
      `${aClaim().transactionId}: needs_review (${history[3]?.type === 'TransactionFlaggedForReview.v1' ? history[3].data.reason : ''})`,
      `pago_movil of 120.00 VES on 2026-03-10 from bank 0134 to 0134, reference ${aSubmission().reference}, order order-1, merchant ${aClaim().merchantId}`,
      '   0  2026-03-10T14:00:00.000Z  transaction.submitted  by api_key:1',
      '      external_id order-1, amount 12000, currency VES, paid_on 2026-03-10',
      '   1  2026-03-10T14:01:10.000Z  +1 min  ask.started  by api_key:1',
    ]);
    expect(lines.join('\n')).not.toMatch(/broken|secret/);
  });

  it('marks where the chain of hashes is broken', async () => {
    const events = await stored();
    const [first, , ...rest] = events;
    if (first === undefined) throw new Error('the history is empty');

    expect(readableHistory([first, ...rest])).toContain('ask.answered  by api_key:1  [the chain');
  });
});
