import { aMovement, anId, minutesLater, SLOT } from '../../../test/support/a-transaction.js';
import { retrySlot } from './slot.retrial.js';
import { bind, observe, release } from './slot.decisions.js';
import { slotAggregate, type Slot } from './slot.js';
import { recordSweep, startSweep, sweepsAggregate, type Sweeps } from './sweeps.js';
import { retrySweeps } from './sweeps.retrial.js';

const now = minutesLater(5);
const holder = {
  transactionId: anId('transaction'),
  merchantId: anId('merchant'),
  externalId: 'order-1',
  proposalId: anId('proposal'),
};
const binding = {
  ...holder,
  slot: SLOT,
  movement: aMovement(),
  askId: anId('ask'),
  referenceDigits: 6,
  now,
};
const row = aMovement({ movementKey: 'b', amountMinor: 3 });

describe('deciding the recorded events of a slot once more', () => {
  it('records the very same', () => {
    let slot: Slot = slotAggregate.initialState;
    const retried: string[] = [];
    for (const decide of [
      () => observe(slot, { slot: SLOT, rows: [row, row], askId: anId('ask'), now }),
      () => bind(slot, binding),
      () =>
        release(slot, {
          slot: SLOT,
          movementKey: binding.movement.movementKey,
          transactionId: holder.transactionId,
          proposalId: holder.proposalId,
          reason: 'bound by mistake',
          releasedBy: 'user:1',
          now,
        }),
      () => bind(slot, { ...binding, transactionId: anId('another'), proposalId: anId('next') }),
    ]) {
      const decision = decide();
      for (const event of decision.outcome === 'accepted' ? decision.events : []) {
        retried.push(event.type);
        expect(retrySlot({ before: slot, event }, null)).toEqual(accepted(event));
        slot = slotAggregate.evolve(slot, event);
      }
    }
    expect(retried).toHaveLength(5);
  });

  it('does not bind a movement to a second transaction', () => {
    const first = bind(slotAggregate.initialState, binding);
    const events = first.outcome === 'accepted' ? first.events : [];
    const before = events.reduce(slotAggregate.evolve, slotAggregate.initialState);
    const bound = events.find(({ type }) => type === 'MovementBound.v1');
    const data = { ...bound?.data, transactionId: anId('thief'), proposalId: anId('theft') };
    const event = { type: 'MovementBound.v1', data } as Parameters<typeof retrySlot>[0]['event'];

    expect(retrySlot({ before, event }, null)).toMatchObject({ code: 'movement_already_bound' });
  });
});

describe('deciding the recorded events of sweeps once more', () => {
  const sweep = (name: string) => ({
    sweepId: anId(name),
    receivingAccountId: anId('account'),
    bank: '0134',
    credentialId: 'banesco',
    permitId: anId('permit'),
    from: '2026-03-09',
    to: '2026-03-11',
    deadlineAt: minutesLater(6).toISOString(),
  });

  it('records the very same, also of one that nobody answered', () => {
    let sweeps: Sweeps = sweepsAggregate.initialState;
    const retried: string[] = [];
    for (const decide of [
      () => startSweep(sweeps, sweep('first'), now),
      () => startSweep(sweeps, sweep('second'), minutesLater(60)),
      () =>
        recordSweep(
          sweeps,
          {
            sweepId: anId('second'),
            outcome: 'found',
            bankCode: null,
            httpStatus: 200,
            durationMs: 5,
            answerHash: null,
            permitIds: [],
            movements: 2,
            retryAfterMs: null,
          },
          minutesLater(61),
        ),
    ]) {
      const decision = decide();
      for (const event of decision.outcome === 'accepted' ? decision.events : []) {
        retried.push(event.type);
        expect(retrySweeps({ before: sweeps, event }, null)).toEqual(accepted(event));
        sweeps = sweepsAggregate.evolve(sweeps, event);
      }
    }
    expect(retried).toEqual([
      'SweepStarted.v1',
      'SweepAnswered.v1',
      'SweepStarted.v1',
      'SweepAnswered.v1',
    ]);
  });
});

const accepted = (event: unknown) => ({ outcome: 'accepted', events: [event] });
