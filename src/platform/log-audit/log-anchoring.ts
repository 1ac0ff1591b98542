import type { Clock } from '../../kernel/clock.js';
import type { LogReader } from '../event-store/log-reader.js';
import { signAnchor, type Anchor, type AnchorKey } from './anchor.js';
import type { LogAnchors } from './log-anchors.store.js';
import { isServersOwn, markAfter, type LogMark } from './log-digest.js';

// Some seconds of reading: a log that was never anchored is anchored in steps, and a stop waits for none of them.
const MOST_EVENTS = 100_000n;

export interface AnchoringParts {
  readonly reader: LogReader;
  readonly anchors: LogAnchors;
  readonly clock: Clock;
  readonly key: AnchorKey;
}

/** Follows the log from the latest anchor on and signs what it found. */
export class LogAnchoring {
  constructor(
    private readonly parts: AnchoringParts,
    private readonly mostEvents = MOST_EVENTS,
  ) {}

  /**
   * The next anchor, kept already; null when nothing was written since the last one, or the signal came first.
   * `more` when the log goes on behind it.
   * @throws LogUnreadable | EventStoreUnavailable
   */
  async next(signal?: AbortSignal): Promise<{ anchor: Anchor; more: boolean } | null> {
    const { reader, anchors, clock, key } = this.parts;
    const latest = await anchors.latest();
    let mark: LogMark | null = latest;
    let walked = 0n;
    for await (const event of reader.readAll(latest?.at ?? null)) {
      if (signal?.aborted === true) return null;
      if (isServersOwn(event)) continue;
      mark = markAfter(mark, event);
      walked += 1n;
      if (walked === this.mostEvents) break;
    }
    if (mark === null || walked === 0n) return null;
    const { at, events, digest } = mark;
    const anchor = signAnchor({ at, events, digest }, clock.now(), key);
    return (await anchors.add(anchor)) ? { anchor, more: walked === this.mostEvents } : null;
  }
}
