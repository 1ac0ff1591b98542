import { jsonEvent, WrongExpectedVersionError, type AppendResult } from '@eventstore/db-client';
import { setTimeout as delay } from 'node:timers/promises';
import { Appender } from './appender.js';
import type { EventStoreDbConnection } from './eventstoredb.connection.js';
import {
  AppendRefused,
  EventStoreUnavailable,
  StreamConflict,
  type Appended,
  type EventToAppend,
  type ExpectedRevision,
} from './event-store.js';
import { isDefinite, unavailable } from './eventstoredb.errors.js';
import { collect } from './eventstoredb.reading.js';

/** How long one try of an append may take; the client alone would wait for ever. */
const APPEND_TIMEOUT_MS = 3_000;
const POSITION_TIMEOUT_MS = 10_000;
/** Waits between the tries of one append: a single node restarts within them, a cluster elects a leader. */
const REPEAT_AFTER_MS = [100, 400, 1_200] as const;

/** Appends through the published client, repeating what is not known to have failed. */
export class EventStoreDbAppender extends Appender {
  private closed = false;

  constructor(
    private readonly connection: EventStoreDbConnection,
    private readonly timeoutMs = APPEND_TIMEOUT_MS,
  ) {
    super();
  }

  async append(
    streamName: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<Appended> {
    for (let tries = 0; ; tries += 1) {
      try {
        const result = await this.appendOnce(streamName, expected, events);
        return {
          revision: result.nextExpectedRevision,
          position: result.position?.commit ?? (await this.positionOf(streamName, result)),
          retried: tries > 0,
        };
      } catch (error) {
        if (error instanceof WrongExpectedVersionError) throw new StreamConflict(streamName);
        if (isDefinite(error)) throw new AppendRefused(String(error), { cause: error });
        const waitMs = REPEAT_AFTER_MS[tries];
        if (waitMs === undefined || this.closed) {
          this.connection.renew();
          throw unavailable(error);
        }
        await delay(waitMs);
      }
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.connection.close();
  }

  private appendOnce(
    streamName: string,
    expectedRevision: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<AppendResult> {
    const append = this.connection.client.appendToStream(
      streamName,
      events.map(({ eventId, type, data, metadata }) =>
        jsonEvent({
          id: eventId,
          type,
          data: JSON.parse(data) as never,
          // As bytes: of objects the client (6.2.1) makes the same, over base64, decoded twice in script.
          metadata: encoder.encode(metadata),
        }),
      ),
      { expectedRevision, requiresLeader: true },
    );
    return within(this.timeoutMs, append);
  }

  // A repeat that the server recognises may come back without a position; the event itself has one.
  private async positionOf(
    streamName: string,
    { nextExpectedRevision }: AppendResult,
  ): Promise<bigint> {
    const read = this.connection.client.readStream(streamName, {
      fromRevision: nextExpectedRevision,
      maxCount: 1,
      requiresLeader: true,
    });
    const [last] = await collect(read, POSITION_TIMEOUT_MS);
    const position = last?.event?.position?.commit;
    if (position === undefined) throw new EventStoreUnavailable('the append has no position');
    return position;
  }
}

const encoder = new TextEncoder();

/** Settles like the promise, or as unavailable once the time is over; the promise itself may never settle. */
function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new EventStoreUnavailable(`no answer within ${timeoutMs} ms`)),
      timeoutMs,
    );
    work.then(
      (result) => {
        clearTimeout(timer);
        resolve(result);
      },
      (reason: unknown) => {
        clearTimeout(timer);
        reject(reason);
      },
    );
  });
}
