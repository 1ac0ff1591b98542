import * as fc from 'fast-check';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import type { TransactionEvent } from '../../src/transactions/events/transaction.event.js';
import { aClaim, aMovement, anId, happened, minutesLater } from './a-transaction.js';
import { Log } from './stored-events.js';

const at = fc
  .integer({ min: 1, max: 50_000 })
  .map((minutes) => minutesLater(minutes).toISOString());
const days = fc.constantFrom('2026-03-09', '2026-03-10', '2026-03-11');

const movements = fc
  .record({
    movementKey: fc.constantFrom('a', 'b', 'c'),
    amountMinor: fc.integer({ min: 1, max: 20_000 }),
    bankOn: days,
  })
  .map(aMovement);

const laterEvents: fc.Arbitrary<TransactionEvent> = fc.oneof(
  fc.constant(happened.askStarted()),
  fc.constant(happened.askAnswered()),
  fc
    .tuple(movements, at)
    .map(([movement, proposedAt]) => happened.bindingProposed({ movement, proposedAt })),
  fc.constant(happened.bindingRefused()),
  fc
    .record({
      bankAmountMinor: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      bankOn: days,
      late: fc.boolean(),
      verifiedAt: at,
    })
    .map(happened.verified),
  fc
    .record({
      reason: fc.constantFrom('amount_differs', 'reopened', 'reversal_suspected'),
      candidates: fc.array(movements, { maxLength: 2 }),
      flaggedAt: at,
    })
    .map(happened.flagged),
  fc.constant(happened.rejected({ reason: 'duplicate_of', duplicateOf: anId('holder') })),
  fc.constant(happened.expired()),
  fc.constant(happened.cancelled()),
  fc.constant(happened.reversed()),
  fc.constant(happened.returnedToPending()),
);

const claims = fc.record({
  mode: fc.constantFrom('live', 'live', 'live', 'test'),
  merchantId: fc.constantFrom(anId('merchant'), anId('another merchant')),
  currency: fc.constantFrom('VES', 'USD'),
  amountMinor: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  paidOn: days,
});

/** Some transactions' histories, told in one order, and where that is cut into batches. */
export const logs: fc.Arbitrary<{
  readonly events: readonly StoredEvent[];
  readonly cuts: readonly number[];
}> = fc
  .record({
    histories: fc.array(fc.tuple(claims, fc.array(laterEvents, { maxLength: 8 })), {
      minLength: 1,
      maxLength: 4,
    }),
    // Whose event comes next, as often as there are events.
    turns: fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
    cuts: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 }),
  })
  .map(({ histories, turns, cuts }) => {
    const log = new Log();
    const left = histories.map(([claim, later], n) => {
      const transactionId = anId(`transaction ${n}`);
      const events = [happened.submitted(aClaim({ ...claim, transactionId })), ...later];
      return { transactionId, events };
    });
    const events: StoredEvent[] = [];
    for (const turn of turns) {
      const open = left.filter((history) => history.events.length > 0);
      const history = open[turn % Math.max(open.length, 1)];
      const event = history?.events.shift();
      if (history === undefined || event === undefined) break;
      events.push(log.next(event, history.transactionId));
    }
    return { events, cuts };
  });

/** The events in batches of the given sizes, over and over. */
export function batchesOf(
  events: readonly StoredEvent[],
  cuts: readonly number[],
): readonly (readonly StoredEvent[])[] {
  const batches: (readonly StoredEvent[])[] = [];
  for (let from = 0; from < events.length;) {
    const size = cuts[batches.length % cuts.length] ?? 1;
    batches.push(events.slice(from, from + size));
    from += size;
  }
  return batches;
}
