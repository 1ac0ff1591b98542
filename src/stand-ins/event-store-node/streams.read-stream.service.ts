import type { EventLog } from './event-log.js';
import type { GrpcCall } from './grpc-call.js';
import type { StreamEntry } from './log-reader.js';
import {
  encodeFirstStreamPosition,
  encodeLastStreamPosition,
  encodeReadEvent,
  encodeStreamNotFound,
} from './read-answer.codec.js';
import type { StreamReadRequest } from './read-request.js';
import { ReadableEvents } from './readable-events.js';
import type { RevisionRange } from './revision-range.js';
import { isStreamTombstoned, visibleRange } from './visible-range.js';
import { streamDeleted } from './wire-errors.js';

const PAGE_EVENTS = 128;

/** Answers one read of a stream. */
export async function readStream(
  log: EventLog,
  request: StreamReadRequest,
  out: GrpcCall,
): Promise<void> {
  if (isStreamTombstoned(log.heads, request.stream)) {
    out.fail(streamDeleted(request.stream));
    return;
  }
  const range = visibleRange(log.heads, request.stream);
  if (range === null) {
    await out.write(encodeStreamNotFound(request.stream));
    out.end();
    return;
  }
  const hidden = request.direction === 'forwards' && range.first > revisionOf(request.from);
  if (request.wantsBounds && hidden) await out.write(encodeFirstStreamPosition(range.first));
  await new StreamRead(log, request, out).send(range);
  if (request.wantsBounds) await out.write(encodeLastStreamPosition(range.last));
  out.end();
}

const revisionOf = (from: StreamReadRequest['from']): number => {
  if (from === 'start') return 0;
  return from === 'end' ? Infinity : from;
};

class StreamRead {
  private readonly readable: ReadableEvents;
  private readonly notBeforeMs: number | null;
  private left: number;

  constructor(
    private readonly log: EventLog,
    private readonly request: StreamReadRequest,
    private readonly out: GrpcCall,
  ) {
    this.readable = new ReadableEvents(log, request);
    this.notBeforeMs = this.readable.notBeforeMs(request.stream);
    this.left = request.count ?? Infinity;
  }

  async send(visible: RevisionRange): Promise<void> {
    let range = this.startIn(visible);
    while (this.left > 0 && !this.out.isClosed) {
      const page = this.nextPage(range);
      const end = page.at(-1);
      if (end === undefined) return;
      await this.sendPage(page);
      range = this.beyond(range, end.revision);
    }
  }

  private startIn(visible: RevisionRange): RevisionRange {
    const { from, direction } = this.request;
    if (direction === 'forwards') {
      if (from === 'start') return visible;
      // There is nothing after the end, whatever is appended meanwhile.
      const first = from === 'end' ? visible.last + 1 : from;
      return { first: Math.max(first, visible.first), last: visible.last };
    }
    if (from === 'end') return visible;
    const last = from === 'start' ? 0 : from;
    return { first: visible.first, last: Math.min(last, visible.last) };
  }

  private nextPage(range: RevisionRange): StreamEntry[] {
    const { stream, direction } = this.request;
    const limit = Math.min(PAGE_EVENTS, this.left);
    return this.log.reader.streamPage(stream, { ...range, direction, limit });
  }

  private async sendPage(page: readonly StreamEntry[]): Promise<void> {
    for (const { record, position } of page) {
      if (!this.readable.isYoungEnough(record, this.notBeforeMs)) continue;
      this.left -= 1;
      const sending = this.out.write(encodeReadEvent(this.readable.event(record, position)));
      if (sending !== undefined) await sending;
    }
  }

  private beyond(range: RevisionRange, revision: number): RevisionRange {
    return this.request.direction === 'forwards'
      ? { first: revision + 1, last: range.last }
      : { first: range.first, last: revision - 1 };
  }
}
