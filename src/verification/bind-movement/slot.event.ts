import { movementBound, type MovementBoundEvent } from './movement-bound.event.js';
import { movementObserved, type MovementObservedEvent } from './movement-observed.event.js';
import { movementReleased, type MovementReleasedEvent } from './movement-released.event.js';

/** Everything that can have happened in a slot, in today's versions. */
export type SlotEvent = MovementObservedEvent | MovementBoundEvent | MovementReleasedEvent;

/** For the event catalogue. */
export const slotEvents = [movementObserved, movementBound, movementReleased] as const;
