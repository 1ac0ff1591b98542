// Every recorded event of a slot, decided once more; `log verify` compares the two.
import { assertNever } from '../../kernel/assert.js';
import { reject, type Decision } from '../../kernel/rejection.js';
import type { Retrial } from '../../kernel/retrial.js';
import { referenceDigitsOf } from '../../matching/movement.js';
import type { SlotEvent } from '../bind-movement/slot.event.js';
import { bind, observe, release } from './slot.decisions.js';
import type { Slot } from './slot.js';

/** Decides a recorded event of a slot once more. */
export const retrySlot: Retrial<Slot, SlotEvent> = ({ before, event }): Decision<SlotEvent> => {
  const { data, type } = event;
  switch (type) {
    case 'MovementObserved.v1': {
      const { slot, movement, askId, observedAt } = data;
      return observe(before, { slot, rows: [movement], askId, now: new Date(observedAt) });
    }
    case 'MovementBound.v1': {
      const { movementKey, boundAt, ...holder } = data;
      // A binding writes the row down before itself, in the same append at the latest.
      const movement = before.rows.get(movementKey);
      if (movement === undefined) return reject('movement_not_observed');
      return bind(before, {
        ...holder,
        movement,
        askId: '',
        referenceDigits: referenceDigitsOf(holder.slot),
        now: new Date(boundAt),
      });
    }
    case 'MovementReleased.v1': {
      const { releasedAt, ...taken } = data;
      const holder = before.held.get(taken.movementKey);
      if (holder?.transactionId !== taken.transactionId) return reject('movement_not_held');
      return release(before, {
        ...taken,
        proposalId: holder.proposalId,
        now: new Date(releasedAt),
      });
    }
    default:
      return assertNever(type, 'an event of a slot');
  }
};
