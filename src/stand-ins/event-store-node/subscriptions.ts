import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventLog } from './event-log.js';
import type { GrpcCall } from './grpc-call.js';
import { isHidden } from './filters.js';
import type { LogLine } from './log-tail.js';
import {
  encodeCaughtUp,
  encodeCheckpoint,
  encodeConfirmation,
  encodeReadEvent,
} from './read-answer.codec.js';
import type { AllReadRequest, StreamReadRequest } from './read-request.js';
import { ReadableEvents } from './readable-events.js';
import { isStreamTombstoned, visibleRange } from './visible-range.js';
import { streamDeleted } from './wire-errors.js';

const PAGE_EVENTS = 128;
const PAGE_LINES = 1024;

/**
 * Follows one stream: history, one `caught_up`, then what is appended.
 * It reads the log in both phases, so a slow reader only falls behind and costs no memory.
 */
export async function subscribeToStream(
  log: EventLog,
  request: StreamReadRequest,
  out: GrpcCall,
): Promise<void> {
  const { stream } = request;
  const readable = new ReadableEvents(log, request);
  await out.write(encodeConfirmation(randomUUID()));
  let next = firstRevision(log, request);
  let live = false;
  while (!out.isClosed) {
    if (isStreamTombstoned(log.heads, stream)) {
      out.fail(streamDeleted(stream));
      return;
    }
    const sent = await sendNextPage(log, { stream, next, readable, out });
    if (sent !== null) {
      next = sent + 1;
      continue;
    }
    if (!live) await out.write(encodeCaughtUp());
    live = true;
    await untilStreamGrows(log, { stream, next, out });
  }
}

/** A subscription starts after the revision it names. */
function firstRevision(log: EventLog, { stream, from }: StreamReadRequest): number {
  if (from === 'start') return 0;
  return from === 'end' ? log.heads.of(stream).lastRevision + 1 : from + 1;
}

interface StreamProgress {
  readonly stream: string;
  readonly next: number;
  readonly readable: ReadableEvents;
  readonly out: GrpcCall;
}

/** Sends a page and returns its last revision; null at the end of the stream. */
async function sendNextPage(
  log: EventLog,
  { stream, next, readable, out }: StreamProgress,
): Promise<number | null> {
  const range = visibleRange(log.heads, stream);
  if (range === null) return null;
  const page = log.reader.streamPage(stream, {
    first: Math.max(next, range.first),
    last: range.last,
    direction: 'forwards',
    limit: PAGE_EVENTS,
  });
  const notBeforeMs = readable.notBeforeMs(stream);
  for (const { record, position } of page) {
    if (!readable.isYoungEnough(record, notBeforeMs)) continue;
    await out.write(encodeReadEvent(readable.event(record, position)));
  }
  return page.at(-1)?.revision ?? null;
}

async function untilStreamGrows(
  log: EventLog,
  { stream, next, out }: Omit<StreamProgress, 'readable'>,
): Promise<void> {
  // Asked again because the log may have grown while `caught_up` was on its way.
  const head = log.heads.of(stream);
  if (head.tombstoned || (head.lastRevision >= next && visibleRange(log.heads, stream) !== null))
    return;
  await out.wait((wake) => log.tail.onStreamGrowth(stream, wake));
}

/** Follows `$all`, with a filter and checkpoints if asked for. */
export class AllSubscription {
  private readonly readable: ReadableEvents;
  /** The last event that was looked at. */
  private position: number;
  private checkpointed: number;
  private consideredSinceCheckpoint = 0;
  private live = false;

  constructor(
    private readonly log: EventLog,
    private readonly request: AllReadRequest,
    private readonly out: GrpcCall,
  ) {
    this.readable = new ReadableEvents(log, request);
    this.position = this.startAfter();
    this.checkpointed = this.position;
  }

  async run(): Promise<void> {
    await this.out.write(encodeConfirmation(randomUUID()));
    while (!this.out.isClosed) {
      const page = this.nextPage();
      for (const line of page) {
        if (this.out.isClosed) return;
        const waiting = this.consider(line);
        if (waiting !== undefined) await waiting;
      }
      if (page.length === 0) await this.waitForMore();
      else if (this.request.filter !== null) await nextTurn();
    }
  }

  /** A subscription starts after the position it names. */
  private startAfter(): number {
    const { from } = this.request;
    // Where an empty log ends: events lie behind it, so nothing is passed over, and there is nothing to catch up with.
    if (from === 'start') return 0;
    return from === 'end' ? this.log.tail.lastPosition : from;
  }

  private nextPage(): readonly LogLine[] {
    const recent = this.log.tail.after(this.position, PAGE_LINES);
    if (recent !== null) return recent;
    const { reader } = this.log;
    const page: readonly LogLine[] =
      this.request.filter === null
        ? reader.allPage(this.position, 'forwards', PAGE_EVENTS)
        : reader.linePage(this.position, 'forwards', PAGE_LINES);
    // Too far behind for memory: from here it is catching up again, and will say so when it has.
    if (page.length > 0) this.live = false;
    return page;
  }

  /** Gives a promise only when the follower must be waited for: most events are sent without one. */
  private consider(line: LogLine): Promise<void> | undefined {
    this.position = line.position;
    const { filter } = this.request;
    const fits = !isHidden(line.stream) && filter?.matches(line) !== false;
    const sending = fits ? this.send(line) : undefined;
    if (filter === null) return sending;
    this.consideredSinceCheckpoint += 1;
    if (this.consideredSinceCheckpoint < filter.checkpointEvery) return sending;
    return this.checkpoint() ?? sending;
  }

  private send(line: LogLine): Promise<void> | undefined {
    const record = line.record ?? this.log.reader.recordAtPosition(line.position);
    return this.out.write(encodeReadEvent(this.readable.event(record, line.position)));
  }

  /** Never says the same place twice. */
  private checkpoint(): Promise<void> | undefined {
    this.consideredSinceCheckpoint = 0;
    if (this.position <= this.checkpointed) return undefined;
    this.checkpointed = this.position;
    return this.out.write(encodeCheckpoint(this.position));
  }

  private async waitForMore(): Promise<void> {
    if (!this.live) {
      if (this.request.filter !== null) await this.checkpoint();
      await this.out.write(encodeCaughtUp());
      this.live = true;
    }
    if (this.log.tail.lastPosition > this.position) return;
    await this.out.wait((wake) => this.log.tail.onGrowth(wake));
  }
}
