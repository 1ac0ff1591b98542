import type { EventCatalog, Reading } from './event-catalog.js';
import { hashOf, storedBytes } from './event-hash.js';
import type { EventMetadata, StoredEvent } from './stored-event.js';

/** An event as the log gives it back, before anything is known of its type. */
export interface RecordedEvent {
  readonly eventId: string;
  readonly storedAs: string;
  readonly data: unknown;
  readonly metadata: unknown;
  readonly streamName: string;
  readonly revision: bigint;
  readonly position: bigint;
  readonly preparePosition: bigint;
  readonly recordedAt: Date;
}

/** A stream of ours holds an event that this version of the code cannot read: an older instance must not decide on it. */
export class UnknownEventType extends Error {
  override name = 'UnknownEventType';

  constructor(
    readonly streamName: string,
    readonly storedAs: string,
  ) {
    super(`no event is registered as ${storedAs}`);
  }
}

/** Reads stored events as today's versions. */
export class EventCodec {
  constructor(private readonly catalog: EventCatalog) {}

  /** Today's version, or null when the type is not in the catalogue. */
  decode(recorded: RecordedEvent): StoredEvent | null {
    const reading = this.catalog.reading(recorded.storedAs);
    if (reading === null || !isMetadata(recorded.metadata)) return null;
    return storedEvent(recorded, reading, recorded.metadata);
  }

  /** Today's version. @throws UnknownEventType */
  decodeKnown(recorded: RecordedEvent): StoredEvent {
    const event = this.decode(recorded);
    if (event === null) throw new UnknownEventType(recorded.streamName, recorded.storedAs);
    return event;
  }
}

// Upcasting and hashing wait until somebody asks: read models need no hash, and an upcaster that fails must
// fail where its event can be quarantined, not inside the subscription.
function storedEvent(
  recorded: RecordedEvent,
  { type, upcast }: Reading,
  metadata: EventMetadata,
): StoredEvent {
  let data: unknown = upcast === null ? recorded.data : undefined;
  let hash: string | null = null;
  return {
    eventId: recorded.eventId,
    type,
    get data(): unknown {
      if (data === undefined && upcast !== null) data = upcast(recorded.data);
      return data;
    },
    metadata,
    streamName: recorded.streamName,
    revision: recorded.revision,
    position: recorded.position,
    preparePosition: recorded.preparePosition,
    recordedAt: recorded.recordedAt,
    get hash(): string {
      hash ??= hashOf(storedBytes(recorded.storedAs, recorded.data, recorded.metadata));
      return hash;
    },
  };
}

const isMetadata = (metadata: unknown): metadata is EventMetadata =>
  typeof metadata === 'object' && metadata !== null && 'actor' in metadata;
