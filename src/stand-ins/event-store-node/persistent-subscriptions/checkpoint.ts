import { randomUUID } from 'node:crypto';
import type { EventLog } from '../event-log.js';
import type { GroupCommit } from '../group-commit.js';
import { NO_EVENTS } from '../expected-revision.js';
import { readRecordedEvent } from '../recorded-event.js';
import { visibleRange } from '../visible-range.js';
import { checkpointStream, type GroupSettings } from './group-settings.js';
import type { GroupSource } from './group-source.js';

/** Up to where everything is done: which message, and how many before it. */
export interface Progress {
  readonly place: number;
  readonly sequence: number;
}

/** Keeps how far a group has come, seldom enough not to double every write. */
export class Checkpoint {
  private lastSequence = -1;
  private lastAtMs = 0;
  private lastPlace: number | null = null;
  private readonly stream: string;

  constructor(
    groupId: string,
    private readonly parts: {
      readonly log: EventLog;
      readonly commits: GroupCommit;
      readonly source: GroupSource;
      readonly settings: GroupSettings;
    },
  ) {
    this.stream = checkpointStream(groupId);
  }

  /** The place the group had reached when it was last kept. */
  load(): number | null {
    const { log, source } = this.parts;
    const head = log.heads.of(this.stream);
    const range = visibleRange(log.heads, this.stream);
    if (range === null || head.lastRevision === NO_EVENTS || range.first > range.last) return null;
    const record = log.reader.visibleEvent(this.stream, head.lastRevision);
    if (record === undefined) return null;
    const text: unknown = JSON.parse(readRecordedEvent(record).data.toString('utf8'));
    this.lastPlace = source.parse(String(text));
    this.lastSequence = 0;
    return this.lastPlace;
  }

  get place(): number | null {
    return this.lastPlace;
  }

  /** Keeps the progress when there is enough of it, or some and enough time has passed. */
  async offer(progress: Progress, onTimer: boolean): Promise<void> {
    const { minCheckpointCount, maxCheckpointCount, checkpointAfterMs } = this.parts.settings;
    const grown = progress.sequence - this.lastSequence;
    const late = Date.now() - this.lastAtMs >= checkpointAfterMs;
    const due =
      grown >= maxCheckpointCount || (onTimer && late && grown >= Math.max(1, minCheckpointCount));
    if (!due) return;
    this.lastSequence = progress.sequence;
    this.lastAtMs = Date.now();
    this.lastPlace = progress.place;
    await this.write(progress.place);
  }

  async delete(): Promise<void> {
    await this.parts.commits.write((writes) => writes.softDelete(this.stream, 'any'));
  }

  private async write(place: number): Promise<void> {
    const event = {
      id: randomUUID(),
      type: '$SubscriptionCheckpoint',
      contentType: 'application/json',
      metadata: new Uint8Array(),
      data: Buffer.from(JSON.stringify(this.parts.source.describe(place))),
    };
    await this.parts.commits.write((writes) =>
      writes.append({ stream: this.stream, expected: 'any', events: [event] }),
    );
  }
}
