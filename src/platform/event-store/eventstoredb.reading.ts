import { StreamNotFoundError, type ResolvedEvent, type StreamingRead } from '@eventstore/db-client';
import { EventStoreUnavailable } from './event-store.js';
import { isDefinite, unavailable } from './eventstoredb.errors.js';

/** Everything a read yields. The client gives reads no deadline, so the time is bounded here. */
export function collect<E extends ResolvedEvent>(
  read: StreamingRead<E>,
  timeoutMs: number,
): Promise<readonly E[]> {
  return new Promise((resolve, reject) => {
    const events: E[] = [];
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      reject(
        error instanceof StreamNotFoundError || isDefinite(error) ? error : unavailable(error),
      );
    };
    const timer = setTimeout(() => {
      fail(new EventStoreUnavailable(`no answer within ${timeoutMs} ms`));
      read.cancel().catch(() => undefined);
    }, timeoutMs);
    read.on('data', (event: E) => events.push(event));
    read.on('error', fail);
    read.on('end', () => {
      clearTimeout(timer);
      resolve(events);
    });
  });
}
