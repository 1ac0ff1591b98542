import { aClaim, anId, happened } from '../../../test/support/a-transaction.js';
import { InMemoryEventStore } from '../../../test/support/in-memory-event-store.js';
import { recorded } from '../../../test/support/recorded.js';
import { SystemClock } from '../../kernel/clock.js';
import { EventStoreCommandRunner } from '../../platform/event-store/event-store-command-runner.js';
import { evolve, initialState, type SubmittedTransaction } from '../domain/transaction.js';
import { transactionEvents, type TransactionEvent } from '../events/transaction.event.js';
import { preferredWait, VerdictWait } from './verdict-wait.js';

const LONG = 30;
const stays = (): AbortSignal => new AbortController().signal;

const pending = (): SubmittedTransaction => {
  const state = evolve(initialState, happened.submitted(aClaim()));
  if (state.status === 'none') throw new Error('a submission begins a transaction');
  return state;
};

const waiting = async (...inTheLog: readonly TransactionEvent[]): Promise<VerdictWait> => {
  const store = new InMemoryEventStore(transactionEvents);
  await recorded(store, inTheLog, anId('transaction'));
  return new VerdictWait(new EventStoreCommandRunner(store), new SystemClock());
};

describe('waiting for a verdict', () => {
  it('answers as soon as there is one', async () => {
    const wait = await waiting(happened.submitted(), happened.cancelled());

    expect(await wait.forVerdict(pending(), LONG, stays())).toMatchObject({ status: 'cancelled' });
  });

  it('answers what it has when the time is over', async () => {
    const wait = await waiting(happened.submitted());

    expect(await wait.forVerdict(pending(), 0, stays())).toMatchObject({ status: 'pending' });
  });

  it('stops when the caller is gone, and when the process stops', async () => {
    const wait = await waiting(happened.submitted());
    const gone = new AbortController();
    const one = wait.forVerdict(pending(), LONG, gone.signal);
    const other = wait.forVerdict(pending(), LONG, stays());

    gone.abort();
    expect(await one).toMatchObject({ status: 'pending' });
    wait.onModuleDestroy();
    expect(await other).toMatchObject({ status: 'pending' });
  });
});

describe('reading how long a caller would wait', () => {
  it.each([
    ['wait=10', 10],
    ['respond-async, wait=5', 5],
    ['Wait = 3; foo=bar', 3],
    ['wait=31', 30],
    ['wait=999999999', 30],
    ['wait=0', 0],
    ['wait=ten', null],
    ['await=5', null],
    ['return=minimal', null],
    ['', null],
    [undefined, null],
  ])('reads %j as %j', (header, seconds) => {
    expect(preferredWait(header)).toBe(seconds);
  });
});
