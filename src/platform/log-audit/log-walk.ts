import { RecentMap } from '../../kernel/recent-map.js';
import type { EventCodec, RecordedEvent } from '../event-store/event-codec.js';
import { LogUnreadable, type LogReader } from '../event-store/log-reader.js';
import { judgeAnchor, type Anchor, type AnchorKey } from './anchor.js';
import { categoryOf, type AuditedCategory } from './audited-category.js';
import { atPosition, type Finding } from './finding.js';
import { isServersOwn, markAfter, type LogMark } from './log-digest.js';
import { damageOf, emptyStream, judgeEvent, type StreamSoFar } from './stream-audit.js';

// A few kilobytes each. A stream is written to within days and then never again, so few come back after that many.
const REMEMBERED_STREAMS = 10_000;

export interface LogWalkParts {
  readonly reader: LogReader;
  readonly codec: EventCodec;
  readonly categories: readonly AuditedCategory[];
  /** In the order of their positions. */
  readonly anchors: readonly Anchor[];
  readonly anchorKey: AnchorKey;
  readonly onProgress?: (mark: LogMark) => void;
}

/** What a walk over the whole log came to. */
export interface WalkResult {
  /** Null for a log without events. */
  readonly end: LogMark | null;
  readonly streams: bigint;
  readonly anchorsMet: number;
  /** Events written before there were checksums. */
  readonly withoutChecksum: bigint;
}

/**
 * Walks the whole log once, in its order, and judges every event against its stream, its chain, the rules and the
 * anchors. Memory is bounded: of each stream only its state is kept, and of streams that rest it is read again.
 */
export class LogWalk {
  private readonly streams: RecentMap<string, StreamSoFar>;
  private readonly categories: ReadonlyMap<string, AuditedCategory>;
  private mark: LogMark | null = null;
  private begun = 0n;
  private anchorsMet = 0;
  private withoutChecksum = 0n;

  constructor(
    private readonly parts: LogWalkParts,
    rememberedStreams = REMEMBERED_STREAMS,
  ) {
    this.streams = new RecentMap(rememberedStreams);
    this.categories = new Map(parts.categories.map((each) => [each.category, each]));
  }

  /** Everything that is wrong, as it is found; the result once the end is reached. @throws EventStoreUnavailable */
  async *findings(): AsyncGenerator<Finding, WalkResult, undefined> {
    try {
      for await (const event of this.parts.reader.readAll(null)) {
        if (isServersOwn(event)) continue;
        yield* this.meetAnchors(event.position);
        yield* await this.judge(event);
        this.mark = markAfter(this.mark, event);
        this.parts.onProgress?.(this.mark);
      }
      yield* this.meetAnchors(null);
    } catch (error) {
      if (!(error instanceof LogUnreadable)) throw error;
      const after = error.after;
      const where =
        after === null ? 'its first event' : `what follows ${after.streamName}@${after.revision}`;
      yield atPosition('log_unreadable', after?.position ?? null, `${where} cannot be read`);
    }
    const { mark: end, begun: streams, anchorsMet, withoutChecksum } = this;
    return { end, streams, anchorsMet, withoutChecksum };
  }

  private async judge(event: RecordedEvent): Promise<readonly Finding[]> {
    const category = this.categories.get(categoryOf(event.streamName));
    if (!hasChecksum(event)) this.withoutChecksum += 1n;
    if (category === undefined) {
      // A stream of somebody else, or one of ours whose name was changed.
      const damage = damageOf(event);
      return damage === null ? [] : [damage];
    }
    if (event.revision === 0n) this.begun += 1n;
    const soFar = this.streams.get(event.streamName) ?? (await this.readAgain(category, event));
    const { next, findings } = judgeEvent(this.parts.codec, category, soFar, event);
    this.streams.set(event.streamName, next);
    return findings;
  }

  /** A stream up to an event, which was judged before and is only followed now. */
  private async readAgain(category: AuditedCategory, upTo: RecordedEvent): Promise<StreamSoFar> {
    let soFar = emptyStream(category);
    if (upTo.revision === 0n) return soFar;
    for (const event of await this.parts.reader.readFirst(upTo.streamName, upTo.revision)) {
      if (event.revision >= upTo.revision) break;
      soFar = judgeEvent(this.parts.codec, category, soFar, event).next;
    }
    return soFar;
  }

  /** Judges the anchors that lie before a position; null at the end of the log. */
  private *meetAnchors(before: bigint | null): Generator<Finding, void, undefined> {
    for (;;) {
      const anchor = this.parts.anchors[this.anchorsMet];
      if (anchor === undefined || (before !== null && anchor.at.position >= before)) return;
      this.anchorsMet += 1;
      const finding = judgeAnchor(
        anchor,
        { mark: this.mark, ended: before === null },
        this.parts.anchorKey,
      );
      if (finding !== null) yield finding;
    }
  }
}

const hasChecksum = ({ metadata }: RecordedEvent): boolean =>
  typeof metadata === 'object' && metadata !== null && 'checksum' in metadata;
