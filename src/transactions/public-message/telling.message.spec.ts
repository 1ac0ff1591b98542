import * as fc from 'fast-check';
import { aClaim, anId, happened } from '../../../test/support/a-transaction.js';
import { after } from '../../../test/support/given.js';
import { logs } from '../../../test/support/histories.js';
import { Log } from '../../../test/support/stored-events.js';
import type { TransactionEvent } from '../events/transaction.event.js';
import { resourceOf } from '../get-transaction/transaction.resource.js';
import { messagesOf, type TellableEvent } from './telling.message.js';
import { transactionMessage } from './transaction.message.js';

const told = (...history: readonly TransactionEvent[]) =>
  messagesOf(new Log().all(history) as readonly TellableEvent[]);

const submitted = happened.submitted();
const verified = [submitted, happened.bindingProposed(), happened.verified({ late: true })];

/** What the API shows, without the evidence that a reviewer reads there. */
const shownAfter = (history: readonly TransactionEvent[]) => {
  const state = after(history);
  if (state.status === 'none') throw new Error('a history begins with its submission');
  const { candidates, ...shown } = resourceOf(state);
  return { candidates, shown };
};

describe('telling what happened to a transaction', () => {
  it.each<[string, readonly TransactionEvent[]]>([
    ['transaction.submitted', [submitted]],
    ['transaction.verified', verified],
    ['transaction.needs_review', [submitted, happened.flagged()]],
    ['transaction.needs_review', [...verified, happened.flagged({ reason: 'reopened' })]],
    ['transaction.needs_review', [...verified, happened.flagged({ reason: 'reversal_suspected' })]],
    ['transaction.rejected', [submitted, happened.rejected()]],
    [
      'transaction.rejected',
      [submitted, happened.rejected({ reason: 'duplicate_of', duplicateOf: anId('holder') })],
    ],
    ['transaction.expired', [submitted, happened.expired()]],
    ['transaction.cancelled', [submitted, happened.cancelled()]],
    ['transaction.reversed', [...verified, happened.reversed()]],
    ['transaction.corrected', [submitted, happened.expired(), happened.corrected()]],
    ['transaction.corrected', [submitted, happened.flagged(), happened.corrected()]],
    [
      'transaction.returned_to_pending',
      [submitted, happened.flagged(), happened.returnedToPending()],
    ],
  ])('says %s, and then shows what the API shows', (type, history) => {
    const last = told(...history).at(-1);

    expect(last?.type).toBe(type);
    expect(last?.data.transaction).toEqual(shownAfter(history).shown);
    expect(transactionMessage.parse(last)).toEqual(last);
  });

  it('is silent about asks, about the steps of a binding and about an erasure', () => {
    const quiet = [
      happened.askStarted(),
      happened.askAnswered(),
      happened.bindingProposed(),
      happened.bindingRefused(),
      happened.verificationRequested(),
      happened.personalDataErased(),
    ];

    expect(told(submitted, ...quiet).map(({ type }) => type)).toEqual(['transaction.submitted']);
    expect(told(happened.keyReserved())).toEqual([]);
  });

  it('numbers the messages of a transaction and names the one before each, whatever happens', () => {
    fc.assert(
      fc.property(logs, ({ events }) => {
        for (const stream of new Set(events.map(({ streamName }) => streamName))) {
          const history = events.filter(({ streamName }) => streamName === stream);
          const messages = messagesOf(history as readonly TellableEvent[]);

          expect(messages.map(({ data }) => data.sequence)).toEqual(messages.map((_, n) => n + 1));
          expect(messages.map(({ data }) => data.previous_id)).toEqual([
            null,
            ...messages.slice(0, -1).map(({ id }) => id),
          ]);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('keeps under 20 kB with the longest texts that a claim may have', () => {
    const long = aClaim({
      // A character outside the basic plane takes four bytes, and as two escapes twelve.
      externalId: '\u{1F9FE}'.repeat(100),
      reference: '9'.repeat(20),
      amountMinor: Number.MAX_SAFE_INTEGER,
    });
    const [message] = told(happened.submitted(long));

    expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThan(20_000 / 4);
  });

  it('repeats the same id for the same event, and never the same for two', () => {
    const ids = told(...verified).map(({ id }) => id);

    expect(told(...verified).map(({ id }) => id)).toEqual(ids);
    expect(new Set(ids).size).toBe(2);
  });
});
