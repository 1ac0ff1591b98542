import { randomUUID } from 'node:crypto';
import { type EventStoreDBClient, jsonEvent, StreamNotFoundError } from '@eventstore/db-client';

/** An append that the store said it had kept. */
export interface Acknowledged {
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
}

/** A writer with one stream, which it never shares, and a memory of what was acknowledged to it. */
class Writer {
  readonly acknowledged: Acknowledged[] = [];

  constructor(private readonly stream: string) {}

  /** Appends one event after the other until the store no longer answers. */
  async writeUntilCut(client: EventStoreDBClient, onAcknowledged: () => void): Promise<void> {
    try {
      let last = await this.lastRevision(client);
      for (;;) {
        const event = jsonEvent({ id: randomUUID(), type: 'Counted', data: { after: `${last}` } });
        const expectedRevision = last < 0n ? 'no_stream' : last;
        const answer = await client.appendToStream(this.stream, event, { expectedRevision });
        last = answer.nextExpectedRevision;
        this.acknowledged.push({ stream: this.stream, revision: last, id: event.id });
        onAcknowledged();
      }
    } catch (error) {
      // Whatever ended it, what counts is what was acknowledged before.
      if (!(error instanceof Error)) throw error;
    }
  }

  private async lastRevision(client: EventStoreDBClient): Promise<bigint> {
    try {
      const newest = client.readStream(this.stream, {
        direction: 'backwards',
        fromRevision: 'end',
        maxCount: 1,
      });
      for await (const { event } of newest) return event?.revision ?? -1n;
      return -1n;
    } catch (error) {
      if (error instanceof StreamNotFoundError) return -1n;
      throw error;
    }
  }
}

/** Several writers at once, over as many lives of the store as a spec gives it. */
export class AcknowledgedWriters {
  private readonly writers: Writer[];

  constructor(count: number) {
    this.writers = Array.from({ length: count }, (_, index) => new Writer(`writer-${index}`));
  }

  get acknowledged(): Acknowledged[] {
    return this.writers.flatMap((writer) => writer.acknowledged);
  }

  /** Writes until so many more appends were acknowledged, then cuts the store off. */
  async writeUntil(
    client: EventStoreDBClient,
    { acknowledged, cut }: { acknowledged: number; cut: () => Promise<void> },
  ): Promise<void> {
    let left = acknowledged;
    let cutting: Promise<void> | undefined;
    const onAcknowledged = (): void => {
      left -= 1;
      if (left === 0) cutting = cut();
    };
    await Promise.all(this.writers.map((writer) => writer.writeUntilCut(client, onAcknowledged)));
    await cutting;
  }
}

export interface Recount {
  readonly stored: number;
  /** Acknowledged and not there, or not there at the revision that was acknowledged. */
  readonly lost: Acknowledged[];
  /** Ids that are there more than once. */
  readonly doubled: string[];
  /** Streams whose numbers have a gap, or whose own reading differs from what the whole log shows of them. */
  readonly torn: string[];
}

async function revisionsOf(client: EventStoreDBClient, stream: string): Promise<bigint> {
  let count = 0n;
  for await (const { event } of client.readStream(stream)) {
    if (event?.revision !== count) return -1n;
    count += 1n;
  }
  return count;
}

/** Reads the whole log and compares it with what was acknowledged. */
export async function recount(
  client: EventStoreDBClient,
  acknowledged: readonly Acknowledged[],
): Promise<Recount> {
  const found = new Map<string, string>();
  const doubled: string[] = [];
  const torn = new Set<string>();
  const next = new Map<string, bigint>();
  for await (const { event } of client.readAll()) {
    if (event === undefined) continue;
    if (found.has(event.id)) doubled.push(event.id);
    found.set(event.id, `${event.streamId}@${event.revision}`);
    if (event.revision !== (next.get(event.streamId) ?? 0n)) torn.add(event.streamId);
    next.set(event.streamId, event.revision + 1n);
  }
  for (const [stream, count] of next) {
    if ((await revisionsOf(client, stream)) !== count) torn.add(stream);
  }
  const lost = acknowledged.filter(
    ({ id, stream, revision }) => found.get(id) !== `${stream}@${revision}`,
  );
  return { stored: found.size, lost, doubled, torn: [...torn] };
}
