import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventLog } from './event-log.js';
import type { GrpcCall } from './grpc-call.js';
import { isHidden } from './filters.js';
import type { LogLine } from './log-tail.js';
import { encodeReadEvent } from './read-answer.codec.js';
import type { AllReadRequest } from './read-request.js';
import { ReadableEvents } from './readable-events.js';

const PAGE_EVENTS = 128;
/** A filtered read looks at more lines at a time, since they come without their bytes. */
const PAGE_LINES = 1024;

/** Answers one read of `$all`. */
export class AllRead {
  private readonly readable: ReadableEvents;
  private left: number;

  constructor(
    private readonly log: EventLog,
    private readonly request: AllReadRequest,
    private readonly out: GrpcCall,
  ) {
    this.readable = new ReadableEvents(log, request);
    this.left = request.count ?? Infinity;
  }

  async run(): Promise<void> {
    let beyond = this.startBeside();
    while (this.left > 0 && !this.out.isClosed) {
      const page = this.nextPage(beyond);
      const end = page.at(-1);
      if (end === undefined) break;
      await this.sendPage(page);
      beyond = end.position;
      // A page without a match writes nothing and would otherwise never let others run.
      if (this.request.filter !== null) await nextTurn();
    }
    this.out.end();
  }

  /** Forwards a read includes the event at its position; backwards it begins with the one before. */
  private startBeside(): number {
    const { from, direction } = this.request;
    if (direction === 'forwards') {
      if (from === 'start') return -1;
      return from === 'end' ? Number.MAX_SAFE_INTEGER : from - 1;
    }
    if (from === 'start') return 0;
    return from === 'end' ? Number.MAX_SAFE_INTEGER : Math.min(from, Number.MAX_SAFE_INTEGER);
  }

  private nextPage(beyond: number): readonly LogLine[] {
    const { direction, filter } = this.request;
    return filter === null
      ? this.log.reader.allPage(beyond, direction, PAGE_EVENTS)
      : this.log.reader.linePage(beyond, direction, PAGE_LINES);
  }

  private async sendPage(page: readonly LogLine[]): Promise<void> {
    for (const line of page) {
      if (this.left === 0) return;
      if (isHidden(line.stream) || this.request.filter?.matches(line) === false) continue;
      this.left -= 1;
      const record = line.record ?? this.log.reader.recordAtPosition(line.position);
      const sending = this.out.write(encodeReadEvent(this.readable.event(record, line.position)));
      if (sending !== undefined) await sending;
    }
  }
}
