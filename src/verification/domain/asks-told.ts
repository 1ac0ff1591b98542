import type { TransactionEvent } from '../../transactions/events/transaction.event.js';

/** One ask as it is told to the merchant: what was asked when, and what came of it. */
export interface AskTold {
  readonly askId: string;
  readonly askedOn: string;
  readonly startedAt: string;
  readonly answeredAt: string | null;
  readonly outcome: string | null;
  readonly bankCode: string | null;
  readonly movements: number | null;
}

/** The chain of asks and answers of a transaction, oldest first. */
export function asksTold(events: readonly TransactionEvent[]): readonly AskTold[] {
  const asks = new Map<string, AskTold>();
  for (const event of events) {
    if (event.type === 'AskStarted.v1') {
      const { askId, askedOn, startedAt } = event.data;
      const open = { answeredAt: null, outcome: null, bankCode: null, movements: null };
      asks.set(askId, { askId, askedOn, startedAt, ...open });
    } else if (event.type === 'AskAnswered.v1') {
      const { askId, answeredAt, outcome, bankCode, movements } = event.data;
      const ask = asks.get(askId);
      if (ask !== undefined) {
        asks.set(askId, { ...ask, answeredAt, outcome, bankCode, movements });
      }
    }
  }
  return [...asks.values()];
}
