import { assertNever } from '../../kernel/assert.js';
import { reject } from '../../kernel/rejection.js';
import {
  reopen,
  resolveReview,
  reverse,
  type PersonsDecision,
} from '../domain/review.decisions.js';
import type { SubmittedTransaction } from '../domain/transaction.js';
import type { TransactionDecision } from '../domain/transaction.guards.js';
import type { PersonsChoice } from './decide-transaction.command.js';
import type { MovementBindings } from './movement-bindings.port.js';

export interface Deciding extends PersonsDecision {
  readonly choice: PersonsChoice;
  readonly proposalId: string;
  readonly now: Date;
}

/** Which rule judges a person's choice. */
export function decideChoice(
  state: SubmittedTransaction,
  { choice, proposalId, now, ...decision }: Deciding,
  bindings: Pick<MovementBindings, 'slotOf'>,
): TransactionDecision {
  switch (choice.act) {
    case 'reverse':
      return reverse(state, decision, now);
    case 'reopen':
      return reopen(state, decision, now);
    case 'reject':
    case 'ask_again':
      return resolveReview(state, { ...decision, resolution: { outcome: choice.act } }, now);
    case 'verify': {
      const { movementKey } = choice;
      const slot = slotIn(state, movementKey, bindings);
      if (slot === null) return reject('movement_unknown', { movement_key: movementKey });
      const resolution = { outcome: 'verify' as const, movementKey, slot, proposalId };
      return resolveReview(state, { ...decision, resolution }, now);
    }
    default:
      return assertNever(choice, 'a person’s choice');
  }
}

/** A movement that was bound once keeps the slot it was bound in, whatever is configured today. */
function slotIn(
  { held, evidence, claim }: SubmittedTransaction,
  movementKey: string,
  bindings: Pick<MovementBindings, 'slotOf'>,
): string | null {
  if (held?.movementKey === movementKey) return held.slot;
  const movement = evidence.find((candidate) => candidate.movementKey === movementKey);
  return movement === undefined ? null : bindings.slotOf(movement, claim.credentialId);
}
