import type { ReadableEvent } from '../read-answer.codec.js';
import type { GroupMessage } from './group-message.js';
import type { ConsumerStrategy } from './group-settings.js';

/** One connection that takes messages of a group. */
export interface Consumer {
  readonly name: string;
  /** How many messages it may have open at once. */
  readonly slots: number;
  send(event: ReadableEvent, retryCount: number): void;
  /** Ends the connection: the group is gone or was changed. */
  drop(): void;
}

class Connected {
  readonly open = new Set<string>();

  constructor(readonly consumer: Consumer) {}

  get hasRoom(): boolean {
    return this.open.size < this.consumer.slots;
  }
}

/** What became of a message that was offered to the consumers. */
export type Offer = 'sent' | 'try_the_next' | 'all_busy';

/** The consumers of one group and who of them gets the next message. */
export class Consumers {
  private connected: Connected[] = [];
  /** To whom messages that belong together go, while that consumer stays. */
  private readonly pinned = new Map<string, Connected>();

  constructor(private readonly strategy: ConsumerStrategy) {}

  get count(): number {
    return this.connected.length;
  }

  get all(): readonly { readonly consumer: Consumer; readonly open: ReadonlySet<string> }[] {
    return this.connected;
  }

  add(consumer: Consumer): void {
    this.connected.push(new Connected(consumer));
  }

  /** Takes a consumer out and gives the ids of what it had open. */
  remove(consumer: Consumer): readonly string[] {
    const gone = this.connected.find((one) => one.consumer === consumer);
    if (gone === undefined) return [];
    this.connected = this.connected.filter((one) => one !== gone);
    for (const [key, one] of this.pinned) if (one === gone) this.pinned.delete(key);
    return [...gone.open];
  }

  dropAll(): void {
    for (const { consumer } of this.connected.splice(0)) consumer.drop();
    this.pinned.clear();
  }

  /** A message is no longer open, whoever had it. */
  release(id: string): void {
    for (const { open } of this.connected) open.delete(id);
  }

  offer(message: GroupMessage): Offer {
    if (!this.connected.some((one) => one.hasRoom)) return 'all_busy';
    const chosen = this.choose(message);
    // A pinned message waits for its own consumer; others may still go to theirs.
    if (chosen === undefined) return 'try_the_next';
    chosen.open.add(message.id);
    chosen.consumer.send(message.event, message.retryCount);
    return 'sent';
  }

  private choose(message: GroupMessage): Connected | undefined {
    if (this.strategy === 'DispatchToSingle') return this.connected.find((one) => one.hasRoom);
    if (this.strategy === 'RoundRobin') return this.takeTurns();
    const key =
      this.strategy === 'PinnedByCorrelation' ? message.correlationId : message.origin.stream;
    return this.pin(key);
  }

  private takeTurns(): Connected | undefined {
    const index = this.connected.findIndex((one) => one.hasRoom);
    const [chosen] = this.connected.splice(index, 1);
    if (chosen !== undefined) this.connected.push(chosen);
    return chosen;
  }

  private pin(key: string): Connected | undefined {
    const owner = this.pinned.get(key);
    if (owner !== undefined) return owner.hasRoom ? owner : undefined;
    // The one with the fewest keys, so that the work is spread.
    const keys = (one: Connected): number =>
      [...this.pinned.values()].filter((pinned) => pinned === one).length;
    const chosen = this.connected
      .filter((one) => one.hasRoom)
      .toSorted((a, b) => keys(a) - keys(b))[0];
    if (chosen !== undefined) this.remember(key, chosen);
    return chosen;
  }

  private remember(key: string, chosen: Connected): void {
    this.pinned.set(key, chosen);
    if (this.pinned.size <= PINS_KEPT) return;
    const oldest = this.pinned.keys().next();
    if (!oldest.done) this.pinned.delete(oldest.value);
  }
}

/** As many buckets as the server spreads its streams over. */
const PINS_KEPT = 1024;
