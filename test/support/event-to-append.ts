import type { EventToAppend } from '../../src/platform/event-store/event-store.js';
import type { EventMetadata } from '../../src/platform/event-store/stored-event.js';

/** An event as it is appended, of what its texts say. */
export const eventToAppend = (event: {
  readonly eventId: string;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: EventMetadata;
}): EventToAppend => ({
  eventId: event.eventId,
  type: event.type,
  data: JSON.stringify(event.data),
  metadata: JSON.stringify(event.metadata),
});
