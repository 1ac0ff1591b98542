/** What every event carries beside its data. */
export interface EventMetadata {
  /** Who caused it: `api_key:<id>`, `user:<id>` or `process:<name>`. */
  readonly actor: string;
  readonly requestId: string;
  readonly $correlationId: string;
  readonly $causationId: string;
  readonly traceId: string | null;
  /** The step of the trace that wrote it, where traces were made. */
  readonly spanId?: string;
  /** Hash of the stored bytes of the stream's previous event; null on the first. */
  readonly previousHash: string | null;
  /** Hash of what the caller asked for, where he named the request by an idempotency key. */
  readonly fingerprint?: string;
  /** CRC-32 of this event and its place; events written before there were checksums have none. */
  readonly checksum?: string;
}

/** An event as read back: today's version, whatever version was stored. */
export interface StoredEvent<Type extends string = string, Data = unknown> {
  readonly eventId: string;
  readonly type: Type;
  readonly data: Data;
  readonly metadata: EventMetadata;
  readonly streamName: string;
  readonly revision: bigint;
  /** Commit position in the whole log: grows, and nothing else is known of it. */
  readonly position: bigint;
  readonly preparePosition: bigint;
  readonly recordedAt: Date;
  /** Hash of the stored bytes of this event: what the next one names as its previous. */
  readonly hash: string;
}
