import type { EventLog } from '../event-log.js';
import type { GroupCommit } from '../group-commit.js';
import { linkTarget, type ReadableEvent } from '../read-answer.codec.js';
import { ReadableEvents } from '../readable-events.js';
import { readRecordedEvent } from '../recorded-event.js';
import { Checkpoint, type Progress } from './checkpoint.js';
import { type Consumer, Consumers } from './consumers.js';
import type { GroupMessage } from './group-message.js';
import { ALL_STREAM, type GroupDefinition, groupId } from './group-settings.js';
import { type GroupSource, sourceOf } from './group-source.js';
import { OpenMessages } from './open-messages.js';
import { ParkedMessages } from './parked-messages.js';

/** How many batches a group sends before it lets others run. */
const TURNS_AT_ONCE = 16;

/** What a consumer says of a message it could not do. */
export type NackAction = 'unknown' | 'park' | 'retry' | 'skip' | 'stop';

/** One group: reads ahead a little, sends to whoever has room, and sends again what was not done. */
export class PersistentGroup {
  readonly consumers: Consumers;
  readonly open = new OpenMessages();
  readonly parked: ParkedMessages;
  readonly checkpoint: Checkpoint;
  readonly source: GroupSource;
  private readonly readable: ReadableEvents;
  private waiting: GroupMessage[] = [];
  private cursor: number;
  private last: Progress | null;
  private nextSequence = 0;
  private processed = 0;
  private pumping = false;
  private stopped = false;
  private readonly stopListening: () => void;

  constructor(
    readonly definition: GroupDefinition,
    private readonly log: EventLog,
    commits: GroupCommit,
  ) {
    const id = groupId(definition.stream, definition.group);
    const { settings } = definition;
    this.source = sourceOf(log, definition);
    this.consumers = new Consumers(settings.strategy);
    this.parked = new ParkedMessages(id, log, commits);
    this.checkpoint = new Checkpoint(id, { log, commits, source: this.source, settings });
    this.readable = new ReadableEvents(log, {
      resolveLinks: settings.resolveLinks,
      structuredIds: false,
    });
    const reached = this.checkpoint.load();
    this.last = reached === null ? null : { place: reached, sequence: 0 };
    this.nextSequence = reached === null ? 0 : 1;
    this.cursor = reached ?? definition.startAfter;
    this.stopListening = this.source.onGrowth(() => this.pumpSoon());
  }

  get processedCount(): number {
    return this.processed;
  }

  get waitingCount(): number {
    return this.waiting.length;
  }

  get lastKnownPlace(): number | null {
    return this.last?.place ?? null;
  }

  get isLive(): boolean {
    return this.cursor >= this.source.lastPlace();
  }

  connect(consumer: Consumer): void {
    this.consumers.add(consumer);
    this.pump();
  }

  /** What a lost consumer had open goes to the others. */
  disconnect(consumer: Consumer): void {
    for (const id of this.consumers.remove(consumer)) {
      const message = this.open.get(id);
      if (message !== undefined) this.open.retry(message);
    }
    this.pump();
  }

  async acknowledge(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.settle(id);
    await this.keepProgress(false);
    this.pump();
  }

  async refuse(ids: readonly string[], action: NackAction, reason: string): Promise<void> {
    for (const id of ids) {
      const message = this.open.get(id);
      if (message === undefined) continue;
      if (action === 'park') {
        await this.park(message, `Client explicitly NAK'ed message.\n${reason}`);
      } else if (action === 'retry' || action === 'unknown') await this.retryOrPark(message);
      else this.settle(id);
    }
    await this.keepProgress(false);
    this.pump();
  }

  /** Sends everything that is parked again, up to a revision of the parked stream. */
  async replayParked(stopAt: number | null): Promise<void> {
    let end: number | null = null;
    for (const entry of this.parked.upTo(stopAt)) {
      end = entry.revision;
      this.open.replay(this.parkedMessage(entry));
    }
    if (end !== null) await this.parked.truncateBefore(end + 1);
    this.pump();
  }

  /** Deals with what has been open for too long, and keeps the progress. */
  async tick(): Promise<void> {
    for (const message of this.open.expired(Date.now())) await this.retryOrPark(message);
    await this.keepProgress(true);
    this.pump();
  }

  /** Ends the group's work in memory; what it has kept stays. */
  stop(): void {
    this.stopped = true;
    this.stopListening();
    this.consumers.dropAll();
  }

  private async retryOrPark(message: GroupMessage): Promise<void> {
    const { maxRetryCount } = this.definition.settings;
    if (message.retryCount >= maxRetryCount) {
      await this.park(message, `Reached retry count of ${maxRetryCount}`);
      return;
    }
    this.consumers.release(message.id);
    this.open.retry(message);
  }

  /** The message stays open until it is parked for good, so that no crash loses it in between. */
  private async park(message: GroupMessage, reason: string): Promise<void> {
    await this.parked.park(message, reason);
    this.settle(message.id);
  }

  private settle(id: string): void {
    this.open.settle(id);
    this.consumers.release(id);
  }

  private async keepProgress(onTimer: boolean): Promise<void> {
    const progress = this.open.progress(this.last, this.waiting);
    if (progress !== null) await this.checkpoint.offer(progress, onTimer);
  }

  /** Not at once: the log tells of its growth while a commit is being finished. */
  private pumpSoon(): void {
    if (this.pumping) return;
    this.pumping = true;
    setImmediate(() => {
      this.pumping = false;
      this.pump();
    });
  }

  private pump(): void {
    if (this.consumers.count === 0 || this.stopped) return;
    for (const message of this.open.toRetry) {
      const offer = this.consumers.offer(message);
      if (offer === 'all_busy') return;
      if (offer === 'sent') {
        this.open.took(message);
        this.began(message);
      }
    }
    for (let turns = 0; this.readAhead() && this.sendWaiting(); turns += 1) {
      if (turns < TURNS_AT_ONCE) continue;
      // A long history must not keep the appends of others waiting.
      this.pumpSoon();
      return;
    }
  }

  /** Sends what has been read; true when all of it went out. */
  private sendWaiting(): boolean {
    const left: GroupMessage[] = [];
    for (const [index, message] of this.waiting.entries()) {
      const offer = this.consumers.offer(message);
      if (offer === 'all_busy') {
        this.waiting = [...left, ...this.waiting.slice(index)];
        return false;
      }
      if (offer === 'sent') this.began(message);
      else left.push(message);
    }
    this.waiting = left;
    return left.length === 0;
  }

  private began(message: GroupMessage): void {
    const { messageTimeoutMs } = this.definition.settings;
    const expiresAtMs = messageTimeoutMs === 0 ? Infinity : Date.now() + messageTimeoutMs;
    this.processed += 1;
    this.open.begin(message, expiresAtMs);
  }

  /** Reads the next messages when few are left; false when there is nothing more. */
  private readAhead(): boolean {
    const { readBatchSize, historyBufferSize } = this.definition.settings;
    if (this.waiting.length + readBatchSize > historyBufferSize) return true;
    const page = this.source.after(this.cursor, readBatchSize);
    for (const { record, position, place } of page.events) {
      this.waiting.push(this.newMessage(this.readable.event(record, position), place));
    }
    const found = page.upTo !== this.cursor;
    this.cursor = page.upTo;
    if (page.skipped > 0) this.passOver(page.upTo, page.skipped);
    return found || this.waiting.length > 0;
  }

  private newMessage(event: ReadableEvent, place: number): GroupMessage {
    const message = {
      ...this.describe(event),
      event,
      place,
      previousPlace: this.last?.place ?? null,
      sequence: this.nextSequence,
      retryCount: 0,
    };
    this.last = { place, sequence: this.nextSequence };
    this.nextSequence += 1;
    return message;
  }

  /** Events that do not fit count as done, or a strict filter would never move the checkpoint. */
  private passOver(place: number, count: number): void {
    this.nextSequence += count;
    this.last = { place, sequence: this.nextSequence - 1 };
  }

  private parkedMessage(entry: { record: Buffer; position: number }): GroupMessage {
    const target = linkTarget(entry.record);
    const resolved =
      target === null ? undefined : this.log.reader.visibleEvent(target.stream, target.revision);
    const event = { record: resolved, link: entry.record, position: entry.position };
    return {
      ...this.describe(event),
      event,
      place: null,
      previousPlace: null,
      sequence: -1,
      retryCount: 0,
    };
  }

  private describe(
    event: ReadableEvent,
  ): Pick<GroupMessage, 'id' | 'origin' | 'originalRevision' | 'correlationId'> {
    const original = readRecordedEvent(event.link ?? event.record ?? Buffer.alloc(0));
    const target = event.link === undefined ? null : linkTarget(event.link);
    const origin = target ?? { stream: original.stream, revision: original.revision };
    return {
      id: original.id,
      origin,
      originalRevision: original.revision,
      correlationId: correlationOf(event.record) ?? origin.stream,
    };
  }

  get isOnAll(): boolean {
    return this.definition.stream === ALL_STREAM;
  }
}

function correlationOf(record: Buffer | undefined): string | null {
  if (record === undefined) return null;
  try {
    const metadata: unknown = JSON.parse(readRecordedEvent(record).metadata.toString('utf8'));
    if (typeof metadata !== 'object' || metadata === null) return null;
    return '$correlationId' in metadata ? String(metadata.$correlationId) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
