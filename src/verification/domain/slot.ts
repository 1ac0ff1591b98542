import { assertNever } from '../../kernel/assert.js';
import type { ObservedMovement } from '../../matching/observed-movement.js';
import type { SlotEvent } from '../bind-movement/slot.event.js';

/** Who holds a movement of the slot. */
export interface Holder {
  readonly transactionId: string;
  readonly merchantId: string;
  readonly externalId: string;
  readonly proposalId: string;
}

/**
 * One slot: the rows that may be one and the same movement (product.md, wall 2), each once, and who holds which.
 */
export interface Slot {
  readonly rows: ReadonlyMap<string, ObservedMovement>;
  readonly held: ReadonlyMap<string, Holder>;
}

const initialState: Slot = { rows: new Map(), held: new Map() };

const withEntry = <Value>(map: ReadonlyMap<string, Value>, key: string, value: Value) =>
  new Map([...map, [key, value]]);

function evolve(slot: Slot, event: SlotEvent): Slot {
  switch (event.type) {
    case 'MovementObserved.v1': {
      const { movement } = event.data;
      return { ...slot, rows: withEntry(slot.rows, movement.movementKey, movement) };
    }
    case 'MovementBound.v1': {
      const { movementKey, transactionId, merchantId, externalId, proposalId } = event.data;
      const holder = { transactionId, merchantId, externalId, proposalId };
      return { ...slot, held: withEntry(slot.held, movementKey, holder) };
    }
    case 'MovementReleased.v1': {
      const held = new Map(slot.held);
      held.delete(event.data.movementKey);
      return { ...slot, held };
    }
    default:
      return assertNever(event, 'an event of a slot');
  }
}

/** The slot as the command runner loads it. */
export const slotAggregate = { initialState, evolve } as const;

/** The stream of a slot. Its name holds no dash, which would end the category's name. */
export const slotStream = (slot: string): string => `movement-${slot}`;
