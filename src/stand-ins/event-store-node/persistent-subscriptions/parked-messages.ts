import { randomUUID } from 'node:crypto';
import type { EventLog } from '../event-log.js';
import type { GroupCommit } from '../group-commit.js';
import { metastreamOf } from '../stream-metadata.js';
import { visibleRange } from '../visible-range.js';
import type { GroupMessage } from './group-message.js';
import { parkedStream } from './group-settings.js';

const LINK = '$>';

/** The messages of a group that wait for a person: links in a stream of their own. */
export class ParkedMessages {
  private readonly stream: string;

  constructor(
    groupId: string,
    private readonly log: EventLog,
    private readonly commits: GroupCommit,
  ) {
    this.stream = parkedStream(groupId);
  }

  get count(): number {
    const range = visibleRange(this.log.heads, this.stream);
    return range === null ? 0 : Math.max(0, range.last - range.first + 1);
  }

  async park(message: GroupMessage, reason: string): Promise<void> {
    const { origin, originalRevision } = message;
    const told = {
      added: new Date().toISOString(),
      reason,
      subscriptionEventNumber: originalRevision,
    };
    const event = {
      id: randomUUID(),
      type: LINK,
      contentType: 'application/octet-stream',
      metadata: Buffer.from(JSON.stringify(told)),
      data: Buffer.from(`${origin.revision}@${origin.stream}`),
    };
    await this.commits.write((writes) =>
      writes.append({ stream: this.stream, expected: 'any', events: [event] }),
    );
  }

  /** What is parked now, in order, up to a revision of the parked stream that is not included. */
  *upTo(stopAt: number | null): Generator<{ record: Buffer; position: number; revision: number }> {
    const range = visibleRange(this.log.heads, this.stream);
    if (range === null) return;
    const last = stopAt === null ? range.last : Math.min(range.last, stopAt - 1);
    let { first } = range;
    while (first <= last) {
      const page = this.log.reader.streamPage(this.stream, {
        first,
        last,
        direction: 'forwards',
        limit: 100,
      });
      yield* page;
      const end = page.at(-1);
      if (end === undefined) return;
      first = end.revision + 1;
    }
  }

  /** Hides what has been taken out to be sent again. */
  async truncateBefore(revision: number): Promise<void> {
    const event = {
      id: randomUUID(),
      type: '$metadata',
      contentType: 'application/json',
      metadata: new Uint8Array(),
      data: Buffer.from(JSON.stringify({ $tb: revision })),
    };
    await this.commits.write((writes) =>
      writes.append({ stream: metastreamOf(this.stream), expected: 'any', events: [event] }),
    );
  }

  async delete(): Promise<void> {
    await this.commits.write((writes) => writes.softDelete(this.stream, 'any'));
  }
}
