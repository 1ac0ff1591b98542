import { EventStoreDBClient } from '@eventstore/db-client';
import { messageNameOf } from './judge-messages.js';

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
  /** What endpoints are to be told of each transaction's stream, in order. */
  readonly told: ReadonlyMap<string, readonly string[]>;
}

const VERDICTS =
  /^Transaction(Verified|FlaggedForReview|Rejected|Expired|Cancelled|Reversed|ReturnedToPending)\./;

/** An event as the log holds it. */
export interface LoggedEvent {
  readonly id: string;
  readonly stream: string;
  readonly type: string;
  readonly data: Data;
}

export async function recountLog(url: string): Promise<LogCount> {
  const client = EventStoreDBClient.connectionString(url);
  const book = new Book();
  for await (const { event } of client.readAll()) {
    if (event === undefined || event.type.startsWith('$')) continue;
    const { id, streamId: stream, type, data } = event;
    book.note({ id, stream, type, data: data as Data });
  }
  await client.dispose();
  return book.count();
}

/** What a log says that somebody has in hand already. */
export function countLog(events: readonly LoggedEvent[]): LogCount {
  const book = new Book();
  for (const event of events) book.note(event);
  return book.count();
}

/** What merchants were told while everything was being killed. */
export interface Told {
  /** The reference that was claimed, and the transaction that carries it. */
  readonly acknowledged: ReadonlyMap<string, string>;
  /** References that were acknowledged under two different ids. */
  readonly answeredTwice: readonly string[];
}

/** What was acknowledged and is not in the log, and what is there more than once. */
export function judgeClaims(
  log: LogCount,
  { acknowledged, answeredTwice }: Told,
): { readonly lost: number; readonly doubled: number } {
  const streams = [...acknowledged.values()].map((id) => `transaction-${id}`);
  const copies = [...log.submissions.values()].filter((count) => count > 1).length;
  return {
    lost: streams.filter((stream) => !log.submissions.has(stream)).length,
    doubled: copies + log.sameReference + log.eventIdsDoubled + answeredTwice.length,
  };
}

/** One row of the daily totals, as finance is told it. */
export interface ToldTotal {
  readonly status: string;
  readonly transactions: number;
  readonly bank_amount: number;
}

/** The verified totals that finance is told, against the sum of what the log verified. */
export function totalsDiffer({ verified }: LogCount, told: readonly ToldTotal[]): boolean {
  const rows = told.filter(({ status }) => status === 'verified');
  const transactions = rows.reduce((sum, row) => sum + row.transactions, 0);
  const amount = rows.reduce((sum, row) => sum + BigInt(row.bank_amount), 0n);
  const inLog = [...verified.values()].reduce((sum, each) => sum + each, 0n);
  return transactions !== verified.size || amount !== inLog;
}

class Book {
  private readonly ids = new Set<string>();
  private readonly submissions = new Map<string, number>();
  private readonly references = new Map<string, Set<string>>();
  private readonly holders = new Map<string, string>();
  private readonly verifiedBy = new Map<string, Set<string>>();
  private readonly verified = new Map<string, bigint>();
  private readonly boundTwice = new Set<string>();
  private readonly told = new Map<string, string[]>();
  private doubled = 0;

  note({ id, stream, type, data }: LoggedEvent): void {
    if (this.ids.has(id)) this.doubled += 1;
    this.ids.add(id);
    if (type.startsWith('TransactionSubmitted.')) this.submit(stream, data);
    if (VERDICTS.test(type)) this.judge(stream, type, data);
    const name = messageNameOf(type);
    if (name !== null) this.told.set(stream, [...(this.told.get(stream) ?? []), name]);
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
      told: this.told,
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
