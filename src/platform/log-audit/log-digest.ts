import { sha256Hex } from '../../kernel/ids.js';
import type { RecordedEvent } from '../event-store/event-codec.js';
import { hashOf, storedBytes } from '../event-store/event-hash.js';
import type { LogPosition } from '../event-store/event-store.js';

/** How far the whole log was followed, and what stood in it. */
export interface LogMark {
  /** The last event that is counted. */
  readonly at: LogPosition;
  readonly events: bigint;
  /** Of every event so far, in log order. */
  readonly digest: string;
}

/** The server's own events come and go with its housekeeping. */
export const isServersOwn = ({ storedAs, streamName }: RecordedEvent): boolean =>
  storedAs.startsWith('$') && streamName.startsWith('$');

/** The digest of a log one event longer. */
export function markAfter(before: LogMark | null, event: RecordedEvent): LogMark {
  const { position, preparePosition, streamName, revision, eventId, recordedAt } = event;
  const hash = hashOf(storedBytes(event.storedAs, event.data, event.metadata));
  const place = [position, streamName, revision, eventId, recordedAt.toISOString()].join(' ');
  return {
    at: { position, preparePosition },
    events: (before?.events ?? 0n) + 1n,
    digest: sha256Hex(`${before?.digest ?? ''}\n${place}\n${hash}`),
  };
}
