import type { EventLog } from './event-log.js';
import { linkTarget, withStructuredIds, type ReadableEvent } from './read-answer.codec.js';
import { readRecordedEvent } from './recorded-event.js';

/** Turns stored records into what one reader asked for: links resolved or not, ids in its form. */
export class ReadableEvents {
  constructor(
    private readonly log: EventLog,
    private readonly wants: { readonly resolveLinks: boolean; readonly structuredIds: boolean },
  ) {}

  event(record: Buffer, position: number): ReadableEvent {
    const event = this.wants.resolveLinks ? this.resolve(record, position) : { record, position };
    return this.wants.structuredIds ? withStructuredIds(event) : event;
  }

  /** Events created before this instant are no longer shown; null when age does not matter. */
  notBeforeMs(stream: string): number | null {
    const { maxAgeMs } = this.log.heads.metadataOf(this.log.heads.of(stream));
    return maxAgeMs === null ? null : Date.now() - maxAgeMs;
  }

  isYoungEnough(record: Buffer, notBeforeMs: number | null): boolean {
    return notBeforeMs === null || readRecordedEvent(record).createdAtMs >= notBeforeMs;
  }

  private resolve(record: Buffer, position: number): ReadableEvent {
    const target = linkTarget(record);
    if (target === null) return { record, position };
    const resolved = this.log.reader.visibleEvent(target.stream, target.revision);
    return { record: resolved, link: record, position };
  }
}
