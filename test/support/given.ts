import {
  evolve,
  initialState,
  type Transaction,
} from '../../src/transactions/domain/transaction.js';
import type { TransactionDecision } from '../../src/transactions/domain/transaction.guards.js';
import type { TransactionRejectionCode } from '../../src/transactions/domain/transaction.rejections.js';
import type { TransactionEvent } from '../../src/transactions/events/transaction.event.js';

/** The state that a history leaves behind. */
export const after = (history: readonly TransactionEvent[]): Transaction =>
  history.reduce<Transaction>(evolve, initialState);

/** One shape for every spec of a rule: given what happened, when somebody decides, then facts or a refusal. */
export const given = (...history: readonly TransactionEvent[]) => ({
  when: (decide: (state: Transaction) => TransactionDecision) => {
    const decision = decide(after(history));
    return {
      thenEvents: (...events: readonly TransactionEvent[]): void => {
        expect(decision).toEqual({ outcome: 'accepted', events });
      },
      /** For decisions whose events are judged in part. */
      thenMatches: (...events: readonly object[]): void => {
        expect(decision).toMatchObject({ outcome: 'accepted', events });
      },
      thenNothing: (): void => {
        expect(decision).toEqual({ outcome: 'accepted', events: [] });
      },
      thenRejected: (
        code: TransactionRejectionCode,
        facts: Record<string, string | number> = {},
      ): void => {
        expect(decision).toMatchObject({ outcome: 'rejected', code, facts });
      },
    };
  },
});
