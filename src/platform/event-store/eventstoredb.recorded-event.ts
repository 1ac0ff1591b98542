import type { RecordedEvent as ClientEvent } from '@eventstore/db-client';
import type { RecordedEvent } from './event-codec.js';

/** The client's words for an event in ours. */
export const recordedEvent = (event: ClientEvent): RecordedEvent => ({
  eventId: event.id,
  storedAs: event.type,
  data: event.data,
  metadata: event.metadata,
  streamName: event.streamId,
  revision: event.revision,
  position: event.position?.commit ?? 0n,
  preparePosition: event.position?.prepare ?? 0n,
  recordedAt: event.created,
});
