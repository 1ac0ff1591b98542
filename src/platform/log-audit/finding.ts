/** What is wrong with the log; the words are printed and never change their meaning. */
export type FindingKind =
  /** The bytes of an event are not the ones that were written. */
  | 'event_changed'
  /** An event was written after other bytes than those that stand before it now. */
  | 'chain_broken'
  /** A stream lacks an event, or has one too many. */
  | 'revision_gap'
  /** An event's metadata or name cannot be read. */
  | 'event_unreadable'
  /** The log cannot be read beyond a place. */
  | 'log_unreadable'
  /** The rules, asked again, decide otherwise than was recorded. */
  | 'decision_differs'
  /** The log ends before a place that is known to have been in it. */
  | 'tail_missing'
  /** The log up to an anchor is not the log that was anchored. */
  | 'anchor_differs'
  /** An anchor's signature is not by the key that signs them. */
  | 'anchor_forged';

/** One thing that is wrong, and where. */
export interface Finding {
  readonly kind: FindingKind;
  readonly streamName: string | null;
  readonly revision: bigint | null;
  readonly position: bigint | null;
  readonly eventId: string | null;
  /** What a person needs to know beside the place; never personal data. */
  readonly detail: string;
}

/** The place of an event, for a finding about it. */
export const placeOf = (event: {
  readonly streamName: string;
  readonly revision: bigint;
  readonly position: bigint;
  readonly eventId: string;
}): Omit<Finding, 'kind' | 'detail'> => ({
  streamName: event.streamName,
  revision: event.revision,
  position: event.position,
  eventId: event.eventId,
});

/** A finding that is about the log as a whole. */
export const atPosition = (
  kind: FindingKind,
  position: bigint | null,
  detail: string,
): Finding => ({ kind, streamName: null, revision: null, position, eventId: null, detail });
