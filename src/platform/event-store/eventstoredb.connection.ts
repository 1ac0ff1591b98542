import { EventStoreDBClient } from '@eventstore/db-client';

/** At most one new connection per so long, however many calls fail together. */
const RENEW_EVERY_MS = 5_000;

/** The published client of one connection, which can be exchanged for a new one. */
export class EventStoreDbConnection {
  private current: EventStoreDBClient;
  private renewedAtMs = Number.NEGATIVE_INFINITY;
  private closed = false;

  constructor(private readonly url: string) {
    this.current = EventStoreDBClient.connectionString(url);
  }

  get client(): EventStoreDBClient {
    return this.current;
  }

  /**
   * The client (6.2.1) keeps a failed look for the server's features for ever, when no node of a cluster could be
   * found; only a new client asks again.
   */
  renew(): void {
    const nowMs = performance.now();
    if (this.closed || nowMs - this.renewedAtMs < RENEW_EVERY_MS) return;
    this.renewedAtMs = nowMs;
    const failed = this.current;
    this.current = EventStoreDBClient.connectionString(this.url);
    failed.dispose().catch(() => undefined);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.current.dispose();
  }
}
