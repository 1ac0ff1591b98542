/** What a writer believes about a stream: a revision it has seen, or one of the three wider beliefs. */
export type ExpectedRevision = number | 'no_stream' | 'any' | 'stream_exists';

/** The revision of a stream that has no events. */
export const NO_EVENTS = -1;

/** What the decision about an append needs to know of the stream as it is. */
export interface StreamView {
  /** Last revision, `NO_EVENTS` when there is none. */
  readonly current: number;
  readonly tombstoned: boolean;
  readonly softDeleted: boolean;
  hasMetadata(): boolean;
  /** Where an event id stands in this stream, as far as the bounded memory of ids reaches. */
  revisionOf(eventId: string): number | undefined;
  /** The id of the event at a revision, from the log. */
  eventIdAt(revision: number): string | undefined;
}

export type AppendDecision =
  | { readonly decision: 'write' }
  | { readonly decision: 'replay'; readonly lastRevision: number }
  | { readonly decision: 'wrong_expected_version' }
  | { readonly decision: 'stream_deleted' };

const WRITE: AppendDecision = { decision: 'write' };
const WRONG: AppendDecision = { decision: 'wrong_expected_version' };
const DELETED: AppendDecision = { decision: 'stream_deleted' };

/**
 * EventStoreDB's table: may these events be written, were they written before, or is the writer behind?
 * The order of the questions is the server's own.
 */
export function decideAppend(
  stream: StreamView,
  expected: ExpectedRevision,
  eventIds: readonly string[],
): AppendDecision {
  if (stream.tombstoned) return DELETED;
  if (expected === 'stream_exists') {
    if (stream.softDeleted) return DELETED;
    if (stream.current === NO_EVENTS && !stream.hasMetadata()) return WRONG;
  }
  if (expected === 'any' || expected === 'stream_exists') return decideByIds(stream, eventIds);
  const revision = expected === 'no_stream' ? NO_EVENTS : expected;
  if (revision > stream.current) return WRONG;
  return revision === stream.current ? WRITE : decideBehind(stream, revision, eventIds);
}

function decideByIds(stream: StreamView, eventIds: readonly string[]): AppendDecision {
  let lastRevision: number | undefined;
  for (const [index, eventId] of eventIds.entries()) {
    const known = stream.revisionOf(eventId);
    // A batch that is only partly known was never one append, so its ids were reused by mistake.
    if (known === undefined) return index === 0 ? WRITE : WRONG;
    lastRevision = known;
  }
  return lastRevision === undefined ? WRITE : { decision: 'replay', lastRevision };
}

function decideBehind(
  stream: StreamView,
  revision: number,
  eventIds: readonly string[],
): AppendDecision {
  for (const [index, eventId] of eventIds.entries()) {
    if (stream.eventIdAt(revision + 1 + index) === eventId) continue;
    const revives = index === 0 && revision === NO_EVENTS && stream.softDeleted;
    return revives ? WRITE : WRONG;
  }
  return eventIds.length === 0
    ? WRONG
    : { decision: 'replay', lastRevision: revision + eventIds.length };
}
