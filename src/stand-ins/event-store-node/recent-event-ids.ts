/** As many ids as EventStoreDB's 8 MiB cache holds, roughly. */
const IDS_KEPT = 65_536;

interface WhereWritten {
  readonly stream: string;
  readonly revision: number;
}

/**
 * The ids of the newest events: what makes a retried append with `any` idempotent.
 * Bounded, so a promise for a while and not for ever; a writer who needs more names the revision it expects.
 */
export class RecentEventIds {
  private readonly written = new Map<string, WhereWritten>();

  remember(eventId: string, stream: string, revision: number): void {
    this.written.set(eventId, { stream, revision });
    if (this.written.size <= IDS_KEPT) return;
    const oldest = this.written.keys().next();
    if (!oldest.done) this.written.delete(oldest.value);
  }

  forget(eventId: string): void {
    this.written.delete(eventId);
  }

  revisionOf(eventId: string, stream: string): number | undefined {
    const where = this.written.get(eventId);
    return where?.stream === stream ? where.revision : undefined;
  }
}
