import type { EventStore, LogPosition } from '../../event-store/event-store.js';
import { BatchReader, type BatchLimits, type ReadBatch } from '../batch-reader.js';
import type { ReplayedModel } from './replayed-model.js';

/** How far a replay has come; positions only grow, so their share says how much of it is done. */
export interface ReplayProgress {
  readonly events: number;
  readonly from: bigint;
  readonly position: bigint;
  readonly target: bigint;
}

export interface ReplayParts {
  readonly store: EventStore;
  readonly limits: BatchLimits;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ReplayProgress) => void;
}

/** A read model to carry forward, and how far. */
export interface Leg {
  readonly model: ReplayedModel;
  readonly to: LogPosition;
}

/**
 * Carries read models forward, each exactly to its position, with one pass over the log for all of them. Memory is
 * bounded by the reader's two batches, whatever the length of the log. Gives how many events were read.
 */
export async function replay(legs: readonly Leg[], parts: ReplayParts): Promise<number> {
  const open = legs.filter(({ model, to }) => model.isBefore(to));
  if (open.length === 0) return 0;
  const target = open.map(({ to }) => to).reduce(later);
  const after = open.map(({ model }) => model.at).reduce(earlier);
  const over = new AbortController();
  const categories = new Set(open.flatMap(({ model }) => model.projection.categories));
  const reader = new BatchReader(
    parts.store.followAll(
      after,
      [...categories].map((category) => `${category}-`),
      AbortSignal.any([parts.signal, over.signal]),
    ),
    parts.limits,
    after,
  );
  const from = after?.position ?? 0n;
  let events = 0;
  try {
    for (;;) {
      const read = await reader.take();
      parts.signal.throwIfAborted();
      if (read === null) throw new Error('the log ended before it was replayed');
      await applyToAll(open, read);
      events += read.batch?.events.length ?? 0;
      const position = read.caughtUp ? target.position : (read.batch?.upTo.position ?? from);
      parts.onProgress({ events, from, position, target: target.position });
      if (position >= target.position) return events;
    }
  } finally {
    over.abort();
    reader.close();
  }
}

async function applyToAll(legs: readonly Leg[], { batch, caughtUp }: ReadBatch): Promise<void> {
  const settled = await Promise.allSettled(
    legs.map(({ model, to }) => {
      // At the end of the log everything up to the target was seen, whatever the last event's position.
      if (caughtUp) return model.apply(batch?.events ?? [], to);
      if (batch === null) return Promise.resolve();
      return model.apply(batch.events, batch.upTo.position >= to.position ? to : batch.upTo);
    }),
  );
  const failed = settled.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

const earlier = (a: LogPosition | null, b: LogPosition | null): LogPosition | null =>
  a === null || b === null ? null : a.position <= b.position ? a : b;

const later = (a: LogPosition, b: LogPosition): LogPosition => (a.position >= b.position ? a : b);
