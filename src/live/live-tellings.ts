import type { EventStore } from '../platform/event-store/event-store.js';
import type { StoredEvent } from '../platform/event-store/stored-event.js';
import { writePositionToken } from '../platform/http/position-token.js';
import { RecentMap } from '../kernel/recent-map.js';
import {
  isTellable,
  tell,
  type TellableEvent,
  type Telling,
} from '../transactions/public-message/telling.message.js';
import type { LiveMessage } from './live-message.js';

// Claims that move at the same time; a kilobyte each.
const REMEMBERED = 4_000;

interface Known {
  readonly telling: Telling;
  readonly revision: bigint;
}

/**
 * Makes messages of events as they come in log order. What was told before an event of the same transaction is
 * remembered, or read from its stream.
 */
export class LiveTellings {
  private readonly known = new RecentMap<string, Known>(REMEMBERED);

  constructor(private readonly store: Pick<EventStore, 'readStream'>) {}

  /** The message about an event; null for one that nobody is told of. @throws EventStoreUnavailable */
  async messageOf(event: StoredEvent): Promise<LiveMessage | null> {
    if (!isTellable(event.type)) return null;
    const before = await this.before(event);
    const told = tell(before, event as StoredEvent & TellableEvent);
    if (told === null) return null;
    this.known.set(event.streamName, { telling: told.telling, revision: event.revision });
    return {
      position: event.position,
      id: writePositionToken({ position: event.position }),
      actor: event.metadata.actor,
      message: told.message,
    };
  }

  /** For events that are let pass: what is remembered of their transaction is no longer the latest. */
  pass({ streamName }: StoredEvent): void {
    this.known.delete(streamName);
  }

  private async before({ streamName, revision }: StoredEvent): Promise<Telling | null> {
    if (revision === 0n) return null;
    const known = this.known.get(streamName);
    if (known !== undefined && known.revision < revision) return known.telling;
    const history = await this.store.readStream(streamName);
    let telling: Telling | null = null;
    for (const event of history) {
      if (event.revision >= revision) break;
      telling = tell(telling, event as StoredEvent & TellableEvent)?.telling ?? telling;
    }
    return telling;
  }
}
