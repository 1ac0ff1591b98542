// What the events of a slot add up to: pure, and the same however they are cut into batches.
import { assertNever } from '../../kernel/assert.js';
import type { StoredEvent } from '../../platform/event-store/stored-event.js';
import type { SlotEvent } from '../../verification/bind-movement/slot.event.js';
import type { MovementSlotTable, SlotHolder } from './movement.table.js';

export type StoredSlotEvent = StoredEvent & SlotEvent;

const SLOT_STREAM = 'movement-';

/** The slot an event is about; null for what is of no slot. */
export const slotOfEvent = ({ streamName }: StoredEvent): string | null =>
  streamName.startsWith(SLOT_STREAM) ? streamName.slice(SLOT_STREAM.length) : null;

const without = (holders: readonly SlotHolder[], key: string): readonly SlotHolder[] =>
  holders.filter(({ movementKey }) => movementKey !== key);

/** The slot after an event; the same slot when the event was applied before. */
export function slotAfter(
  known: MovementSlotTable | undefined,
  slot: string,
  event: StoredSlotEvent,
): MovementSlotTable {
  const before = known ?? { slot, sightings: [], holders: [], position: -1n };
  const { position } = event;
  if (position <= before.position) return before;
  switch (event.type) {
    case 'MovementObserved.v1': {
      const { movement, askId, observedAt } = event.data;
      const askedFor = event.metadata.$correlationId;
      const at = { askedFor, askId, observedAt, position: position.toString() };
      return { ...before, sightings: [...before.sightings, { movement, ...at }], position };
    }
    case 'MovementBound.v1': {
      const { movementKey, transactionId, merchantId, boundAt } = event.data;
      const holder = { movementKey, transactionId, merchantId, boundAt };
      return { ...before, holders: [...without(before.holders, movementKey), holder], position };
    }
    case 'MovementReleased.v1':
      return { ...before, holders: without(before.holders, event.data.movementKey), position };
    default:
      return assertNever(event, 'an event of a slot');
  }
}
