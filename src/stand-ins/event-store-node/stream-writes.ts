import { randomUUID } from 'node:crypto';
import type { EventLog } from './event-log.js';
import {
  decideAppend,
  NO_EVENTS,
  type ExpectedRevision,
  type StreamView,
} from './expected-revision.js';
import { TOMBSTONE_REVISION, type ProposedEvent } from './recorded-event.js';
import type { StreamHead } from './stream-heads.js';
import {
  describedBy,
  metastreamOf,
  revivedMetadata,
  SOFT_DELETE_METADATA,
} from './stream-metadata.js';
import { isStreamTombstoned } from './visible-range.js';

export interface AppendRequest {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly ProposedEvent[];
}

export interface Written {
  readonly outcome: 'written';
  /** Last revision of these events, `NO_EVENTS` when the stream still has none. */
  readonly lastRevision: number;
  /** Where the last of them stands; null when nothing was there to write. */
  readonly position: number | null;
}

export type WriteOutcome =
  | Written
  | { readonly outcome: 'wrong_expected_version'; readonly current: number }
  | { readonly outcome: 'stream_deleted' };

const ownEvent = (type: string, contentType: string, data: Uint8Array): ProposedEvent => ({
  id: randomUUID(),
  type,
  contentType,
  metadata: new Uint8Array(),
  data,
});

const metadataEvent = (data: Uint8Array): ProposedEvent =>
  ownEvent('$metadata', 'application/json', data);

/** The ways a stream is written; each runs inside a transaction of the log. */
export class StreamWrites {
  constructor(private readonly log: EventLog) {}

  append(request: AppendRequest): WriteOutcome {
    const head = this.log.heads.of(request.stream);
    const ids = request.events.map((event) => event.id);
    const decided = decideAppend(this.view(head), request.expected, ids);
    if (decided.decision === 'replay') return this.replayed(head, decided.lastRevision);
    if (decided.decision !== 'write') return this.refused(head, decided.decision);
    const revive = this.revival(head);
    let position: number | null = null;
    for (const event of request.events) {
      position = this.log.store(head, event, head.lastRevision + 1);
    }
    revive();
    return { outcome: 'written', lastRevision: head.lastRevision, position };
  }

  /** Hides everything so far; a later append revives the stream. */
  softDelete(stream: string, expected: ExpectedRevision): WriteOutcome {
    const head = this.log.heads.of(stream);
    const refused = this.refusedDeletion(head, expected);
    if (refused !== null) return refused;
    const metastream = this.log.heads.of(metastreamOf(stream));
    if (head.lastRevision === NO_EVENTS && metastream.lastRevision === NO_EVENTS) {
      return { outcome: 'wrong_expected_version', current: NO_EVENTS };
    }
    const position = this.describe(stream, SOFT_DELETE_METADATA);
    return { outcome: 'written', lastRevision: head.lastRevision, position };
  }

  /** Ends a stream for good. */
  tombstone(stream: string, expected: ExpectedRevision): WriteOutcome {
    const head = this.log.heads.of(stream);
    const refused = this.refusedDeletion(head, expected);
    if (refused !== null) return refused;
    const tombstone = ownEvent('$streamDeleted', 'application/octet-stream', new Uint8Array());
    const position = this.log.store(head, tombstone, TOMBSTONE_REVISION);
    return { outcome: 'written', lastRevision: head.lastRevision, position };
  }

  private refusedDeletion(head: StreamHead, expected: ExpectedRevision): WriteOutcome | null {
    // A deletion is an event of its own whose id nobody has seen, so it is never a replay.
    const decided = decideAppend(this.view(head), expected, [randomUUID()]);
    if (decided.decision === 'write') return null;
    const isReplay = decided.decision === 'replay';
    return this.refused(head, isReplay ? 'wrong_expected_version' : decided.decision);
  }

  private refused(
    head: StreamHead,
    decision: 'wrong_expected_version' | 'stream_deleted',
  ): WriteOutcome {
    return decision === 'stream_deleted'
      ? { outcome: 'stream_deleted' }
      : { outcome: 'wrong_expected_version', current: head.lastRevision };
  }

  private replayed(head: StreamHead, lastRevision: number): Written {
    const position = this.log.reader.positionAt(head.name, lastRevision) ?? null;
    return { outcome: 'written', lastRevision, position };
  }

  private view(head: StreamHead): StreamView {
    const { heads, ids, reader } = this.log;
    return {
      current: head.lastRevision,
      tombstoned: isStreamTombstoned(heads, head.name),
      get softDeleted() {
        return heads.metadataOf(head).softDeleted;
      },
      hasMetadata: () => heads.of(metastreamOf(head.name)).lastRevision !== NO_EVENTS,
      revisionOf: (eventId) => ids.revisionOf(eventId, head.name),
      eventIdAt: (revision) => reader.eventIdAt(head.name, revision),
    };
  }

  /**
   * What has to follow the append so that a deleted stream is seen again: numbers go on where the
   * deleted events ended, and those stay hidden. New metadata for a deleted stream revives it too.
   */
  private revival(head: StreamHead): () => void {
    const { heads } = this.log;
    const stream = describedBy(head.name) ?? head.name;
    const deleted = heads.of(stream);
    const fromRevision = deleted.lastRevision + 1;
    if (!heads.metadataOf(deleted).softDeleted) return () => undefined;
    return () => {
      const revived = revivedMetadata(heads.metadataOf(heads.of(stream)), fromRevision);
      this.describe(stream, revived);
    };
  }

  private describe(stream: string, metadata: Uint8Array): number {
    const metastream = this.log.heads.of(metastreamOf(stream));
    return this.log.store(metastream, metadataEvent(metadata), metastream.lastRevision + 1);
  }
}
