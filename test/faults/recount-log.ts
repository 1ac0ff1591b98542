import { EventStoreDBClient } from '@eventstore/db-client';

type Data = Readonly<Record<string, unknown>>;

/** What the log itself says, folded here with nothing of the product in between. */
export interface LogCount {
  /** How many submissions each transaction's stream holds. */
  readonly submissions: ReadonlyMap<string, number>;
  /** Transactions that claim the same reference. */
  readonly sameReference: number;
  /** Movements that two transactions held at one time, or that verified two. */
  readonly boundTwice: number;
  readonly bound: number;
  readonly verified: ReadonlyMap<string, bigint>;
  readonly eventIdsDoubled: number;
}

const VERDICTS =
  /^Transaction(Verified|FlaggedForReview|Rejected|Expired|Cancelled|Reversed|ReturnedToPending)\./;

export async function recountLog(url: string): Promise<LogCount> {
  const client = EventStoreDBClient.connectionString(url);
  const book = new Book();
  for await (const { event } of client.readAll()) {
    if (event === undefined || event.type.startsWith('$')) continue;
    book.note(event.id, event.streamId, event.type, event.data as Data);
  }
  await client.dispose();
  return book.count();
}

class Book {
  private readonly ids = new Set<string>();
  private readonly submissions = new Map<string, number>();
  private readonly references = new Map<string, Set<string>>();
  private readonly holders = new Map<string, string>();
  private readonly verifiedBy = new Map<string, Set<string>>();
  private readonly verified = new Map<string, bigint>();
  private readonly boundTwice = new Set<string>();
  private doubled = 0;

  note(id: string, stream: string, type: string, data: Data): void {
    if (this.ids.has(id)) this.doubled += 1;
    this.ids.add(id);
    if (type.startsWith('TransactionSubmitted.')) this.submit(stream, data);
    if (VERDICTS.test(type)) this.judge(stream, type, data);
    const movement = `${String(data['slot'])} ${String(data['movementKey'])}`;
    if (type.startsWith('MovementBound.')) this.bind(movement, String(data['transactionId']));
    if (type.startsWith('MovementReleased.')) this.holders.delete(movement);
  }

  count(): LogCount {
    for (const [movement, streams] of this.verifiedBy) {
      if (streams.size > 1) this.boundTwice.add(movement);
    }
    return {
      submissions: this.submissions,
      sameReference: [...this.references.values()].filter(({ size }) => size > 1).length,
      boundTwice: this.boundTwice.size,
      bound: this.holders.size,
      verified: this.verified,
      eventIdsDoubled: this.doubled,
    };
  }

  private submit(stream: string, data: Data): void {
    this.submissions.set(stream, (this.submissions.get(stream) ?? 0) + 1);
    const reference = String(data['reference']);
    const claimed = this.references.get(reference) ?? new Set();
    this.references.set(reference, claimed.add(stream));
  }

  private judge(stream: string, type: string, data: Data): void {
    if (!type.startsWith('TransactionVerified.')) {
      this.verified.delete(stream);
      return;
    }
    this.verified.set(stream, BigInt(String(data['bankAmountMinor'])));
    const movement = `${String(data['slot'])} ${String(data['movementKey'])}`;
    this.verifiedBy.set(movement, (this.verifiedBy.get(movement) ?? new Set()).add(stream));
  }

  private bind(movement: string, transactionId: string): void {
    const holder = this.holders.get(movement);
    if (holder !== undefined && holder !== transactionId) this.boundTwice.add(movement);
    this.holders.set(movement, transactionId);
  }
}
