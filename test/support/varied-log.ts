import type { EventStore } from '../../src/platform/event-store/event-store.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import { World } from '../simulation/world.js';
import { aMovement, anId, happened } from './a-transaction.js';
import { eventToAppend } from './event-to-append.js';
import { recorded } from './recorded.js';

// A world in which claims are verified, put to review, refused, withdrawn and expired, by asks and by sweeps.
const SEED = 1;

/** Lives that no simulated world tells: what people do to a claim, and what comes late. */
const LIVES = {
  reversed: [happened.bindingProposed(), happened.verified(), happened.reversed()],
  'reversal suspected': [
    happened.bindingProposed(),
    happened.verified(),
    happened.flagged({ reason: 'reversal_suspected', candidates: [aMovement()] }),
  ],
  reopened: [happened.rejected(), happened.flagged({ reason: 'reopened', candidates: [] })],
  'asked again': [happened.flagged(), happened.returnedToPending()],
  corrected: [happened.corrected(), happened.verificationRequested()],
  'verified late': [
    happened.askStarted(),
    happened.askAnswered(),
    happened.expired(),
    happened.bindingProposed(),
    happened.verified({ late: true, bankAmountMinor: 12_001, amountDifferenceMinor: 1 }),
  ],
  refused: [happened.bindingProposed(), happened.bindingRefused(), happened.flagged()],
  erased: [happened.cancelled(), happened.personalDataErased()],
};

/** Fills a log with the life of a simulated bank and its merchants, and with what people do to claims. */
export async function writeVariedLog(store: EventStore): Promise<void> {
  const told: StoredEvent[] = [];
  await new World(SEED, {}, (event) => told.push(event)).run();
  for (const { streamName, revision, eventId, type, data, metadata } of told) {
    const expected = revision === 0n ? 'no_stream' : revision - 1n;
    await store.append(streamName, expected, [eventToAppend({ eventId, type, data, metadata })]);
  }
  const names = Object.keys(LIVES) as (keyof typeof LIVES)[];
  for (const [n, name] of names.entries()) {
    const transactionId = anId(name);
    const claim = {
      transactionId,
      merchantId: anId(n % 2 === 0 ? 'merchant' : 'another merchant'),
      currency: n % 3 === 0 ? 'USD' : 'VES',
      amountMinor: 12_000 + n,
      reference: String(683_500_000 + n),
    };
    await recorded(store, [happened.submitted(claim), ...LIVES[name]], transactionId);
  }
  const tried = anId('a trial');
  await recorded(store, [happened.submitted({ transactionId: tried, mode: 'test' })], tried);
}
