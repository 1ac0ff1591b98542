import { RecentMap } from '../../kernel/recent-map.js';

/** At least half of it is kept: about as many ids as EventStoreDB's 8 MiB cache holds. */
const IDS_KEPT = 100_000;

interface WhereWritten {
  readonly stream: string;
  readonly revision: number;
}

/**
 * The ids of the newest events: what makes a retried append with `any` idempotent.
 * Bounded, so a promise for a while and not for ever; a writer who needs more names the revision it expects.
 */
export class RecentEventIds {
  private readonly written = new RecentMap<string, WhereWritten>(IDS_KEPT);

  remember(eventId: string, stream: string, revision: number): void {
    this.written.set(eventId, { stream, revision });
  }

  forget(eventId: string): void {
    this.written.delete(eventId);
  }

  revisionOf(eventId: string, stream: string): number | undefined {
    const where = this.written.get(eventId);
    return where?.stream === stream ? where.revision : undefined;
  }
}
