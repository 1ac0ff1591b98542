import type { StoredEvent } from '../platform/event-store/stored-event.js';
import type { TransactionEvent } from '../transactions/events/transaction.event.js';
import type { MovementReleased } from './bind-movement/movement-released.event.js';
import { patienceMs } from './domain/patience.js';
import { nextAsk, type Schedule } from './domain/verification.schedule.js';
import { released, watch, type Watch } from './domain/watch.js';
import type { VerificationQueueTable } from './verification-queue.table.js';

/** A transaction as far as its row knows it. */
export interface Followed {
  readonly state: Watch | null;
  readonly position: bigint;
}

const TRANSACTION = 'transaction-';
const NOTHING: Followed = { state: null, position: -1n };

/** The stream of a transaction. */
export const streamOf = (transactionId: string): string => `${TRANSACTION}${transactionId}`;

/** The transaction an event is about; null for what the queue does not follow. */
export function transactionOf({ streamName, type, data }: StoredEvent): string | null {
  if (streamName.startsWith(TRANSACTION)) return streamName.slice(TRANSACTION.length);
  return type === 'MovementReleased.v1' ? (data as MovementReleased).transactionId : null;
}

/** What is known after an event; one that the row knows already changes nothing. */
export function followed(
  before: Followed = NOTHING,
  { type, data, position }: StoredEvent,
): Followed {
  if (position <= before.position) return before;
  if (type !== 'MovementReleased.v1') {
    return { state: watch(before.state, { type, data } as TransactionEvent), position };
  }
  const state = before.state === null ? null : released(before.state, data as MovementReleased);
  return { state, position };
}

/** The columns that the verifier looks for, beside all that is known. */
export function rowOf(state: Watch, position: bigint, schedule: Schedule): VerificationQueueTable {
  const next = nextAsk(state, schedule);
  const { claim, openAsk, openProposal } = state;
  return {
    transaction_id: claim.transactionId,
    merchant_id: claim.merchantId,
    receiving_account_id: claim.receivingAccountId,
    paid_on: claim.paidOn,
    credential_id: claim.credentialId,
    bank: claim.bank,
    mode: claim.mode,
    standing: state.standing,
    submitted_at: new Date(claim.submittedAt),
    due_at: next?.dueAt ?? null,
    asked_on: next?.askedOn ?? null,
    patience_ms: next === null ? 0 : patienceMs(state, next.dueAt),
    requested_at: state.requestedAt === null ? null : new Date(state.requestedAt),
    verified_at: state.verifiedAt === null ? null : new Date(state.verifiedAt),
    ask_deadline_at: openAsk === null ? null : new Date(openAsk.deadlineAt),
    proposed_at: openProposal === null ? null : new Date(openProposal.proposedAt),
    release_owed: state.owedReleases.length > 0,
    watch: state,
    position,
  };
}
