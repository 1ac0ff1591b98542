/** One message as an endpoint got it: of which transaction it told what, and whether the endpoint said that it took it. */
export interface HeardMessage {
  readonly transactionId: string;
  readonly sequence: number;
  readonly type: string;
  readonly isTaken: boolean;
  readonly isSigned: boolean;
}

export interface MessageCount {
  /** Messages that the log asks for. */
  readonly due: number;
  /** Those that the endpoint never took. */
  readonly missed: number;
  /** Calls before the message before was taken, after a later one, or with another content than the log's. */
  readonly misplaced: number;
  /** Calls whose signature is not the endpoint's. */
  readonly unsigned: number;
  /** Calls with what had been taken before: allowed, and what a kill between taking and noting it leads to. */
  readonly repeated: number;
}

/** The part of a message's name that an event's type decides; events that nobody is told of have none. */
const NAMES: Readonly<Record<string, string>> = {
  TransactionSubmitted: 'submitted',
  TransactionVerified: 'verified',
  TransactionFlaggedForReview: 'needs_review',
  TransactionRejected: 'rejected',
  TransactionExpired: 'expired',
  TransactionCancelled: 'cancelled',
  TransactionReversed: 'reversed',
  TransactionCorrected: 'corrected',
  TransactionReturnedToPending: 'returned_to_pending',
};

/** What webhooks call an event of the log; null when it is not told. */
export function messageNameOf(eventType: string): string | null {
  const name = NAMES[eventType.replace(/\.v\d+$/, '')];
  return name === undefined ? null : `transaction.${name}`;
}

/** What an endpoint heard, in the order it came in, against what the log holds of each stream, in its order. */
export function judgeMessages(
  told: ReadonlyMap<string, readonly string[]>,
  heard: readonly HeardMessage[],
): MessageCount {
  const taken = new Map<string, number>();
  let misplaced = 0;
  let repeated = 0;
  for (const { transactionId, sequence, type, isTaken } of heard) {
    const upTo = taken.get(transactionId) ?? 0;
    const isAsLogged = told.get(`transaction-${transactionId}`)?.[sequence - 1] === type;
    const isNext = sequence === upTo + 1;
    const isAgain = sequence === upTo;
    if (!isAsLogged || !(isNext || isAgain)) misplaced += 1;
    if (isAgain) repeated += 1;
    if (isAsLogged && isNext && isTaken) taken.set(transactionId, sequence);
  }
  const due = [...told.values()].reduce((sum, names) => sum + names.length, 0);
  const took = [...taken.values()].reduce((sum, upTo) => sum + upTo, 0);
  return {
    due,
    missed: due - took,
    misplaced,
    unsigned: heard.filter(({ isSigned }) => !isSigned).length,
    repeated,
  };
}
