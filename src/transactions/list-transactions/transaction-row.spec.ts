import { happened } from '../../../test/support/a-transaction.js';
import { after } from '../../../test/support/given.js';
import { Log } from '../../../test/support/stored-events.js';
import type { TransactionEvent } from '../events/transaction.event.js';
import { resourceOf } from '../get-transaction/transaction.resource.js';
import { resourceOfRow } from './row.resource.js';
import { rowAfter, type StoredTransactionEvent, type TransactionRow } from './transaction-row.js';

const NOBODY = { phone: null, document: null };

const rowOf = (...history: readonly TransactionEvent[]): TransactionRow => {
  const row = new Log()
    .all(history)
    .reduce<TransactionRow | null>(
      (known, event) => rowAfter(known, event as StoredTransactionEvent, NOBODY),
      null,
    );
  if (row === null) throw new Error('a history begins with its submission');
  return row;
};

const submitted = happened.submitted();
const verified = [submitted, happened.bindingProposed(), happened.verified({ late: true })];

describe('following a transaction in its row', () => {
  it.each<[string, readonly TransactionEvent[]]>([
    ['submitted', [submitted]],
    ['asked about', [submitted, happened.askStarted(), happened.askAnswered()]],
    ['about to be bound', verified.slice(0, 2)],
    ['not to be bound', [...verified.slice(0, 2), happened.bindingRefused(), happened.flagged()]],
    ['verified', verified],
    ['reversed', [...verified, happened.reversed()]],
    ['suspected to be reversed', [...verified, happened.flagged({ reason: 'reversal_suspected' })]],
    ['bound by mistake', [...verified, happened.flagged({ reason: 'reopened' })]],
    [
      'not reversed after all',
      [...verified, happened.reversed(), happened.flagged({ reason: 'reopened' })],
    ],
    ['told twice', [submitted, happened.rejected({ reason: 'duplicate_of', duplicateOf: 'x' })]],
    ['looked at again', [submitted, happened.rejected(), happened.flagged({ reason: 'reopened' })]],
    ['sent back', [submitted, happened.flagged(), happened.returnedToPending()]],
    ['expired', [submitted, happened.expired()]],
    ['cancelled', [submitted, happened.cancelled()]],
  ])('says of one that is %s what its stream says', (_, history) => {
    const state = after(history);

    expect(resourceOfRow(rowOf(...history))).toEqual(
      state.status === 'none' ? null : resourceOf(state),
    );
  });

  it('keeps the very row for an event that it has seen, or that changes nothing shown', () => {
    const [first, asked] = new Log().all([submitted, happened.askStarted()]);
    const row = rowOf(submitted);

    for (const event of [first, asked]) {
      expect(rowAfter(row, event as StoredTransactionEvent, NOBODY)).toBe(row);
    }
  });
});
