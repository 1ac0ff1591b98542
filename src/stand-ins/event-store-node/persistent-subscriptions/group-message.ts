import type { ReadableEvent } from '../read-answer.codec.js';

/** One event on its way through a group. */
export interface GroupMessage {
  /** By which it is acknowledged: the link's id when a link led to it. */
  readonly id: string;
  /** Revision or position in what the group reads; null when it was parked and is sent again. */
  readonly place: number | null;
  /** The place of the message before it: where the group stands while this one is open. */
  readonly previousPlace: number | null;
  /** Counts the messages of the group, skipped ones too. */
  readonly sequence: number;
  readonly event: ReadableEvent;
  /** Stream and revision of the event itself, to which a parked message links. */
  readonly origin: { readonly stream: string; readonly revision: number };
  /** The revision in the stream that was read, which a parked message tells. */
  readonly originalRevision: number;
  /** What messages that belong together have in common. */
  readonly correlationId: string;
  readonly retryCount: number;
}
