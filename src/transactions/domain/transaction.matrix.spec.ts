import {
  aClaim,
  aMovement,
  anId,
  happened,
  minutesLater,
  SLOT,
  VISIBLE_WITHIN_MINUTES,
} from '../../../test/support/a-transaction.js';
import { after } from '../../../test/support/given.js';
import type { TransactionEvent } from '../events/transaction.event.js';
import {
  closeUnansweredAsk,
  recordAnswer,
  requestVerification,
  startAsk,
} from './asking.decisions.js';
import { confirmBinding, proposeBinding, refuseBinding } from './binding.decisions.js';
import { cancel, expire, flagForReview, rejectByRule } from './closing.decisions.js';
import { erase } from './erasure.decisions.js';
import { correct } from './correction.decisions.js';
import { reopen, resolveReview, reverse, type Resolution } from './review.decisions.js';
import { submit } from './submission.decisions.js';
import type { Status, Transaction } from './transaction.js';
import type { TransactionDecision } from './transaction.guards.js';
import type { TransactionRejectionCode } from './transaction.rejections.js';

/** Every status, and every stage within one that changes what is allowed. */
type Stage =
  | 'none'
  | Status
  | 'pending_asking'
  | 'pending_binding'
  | 'review_binding'
  | 'review_holding'
  | 'expired_binding'
  | 'reserved';

/** The events, abbreviated, in order; `nothing` when accepted without one; or why it is refused. */
type Outcome = 'nothing' | Accepted | TransactionRejectionCode;
type Accepted =
  | 'SUB'
  | 'ASK'
  | 'ANSWER'
  | 'PROPOSE'
  | 'VERIFY'
  | 'REFUSE REJECT'
  | 'REFUSE FLAG'
  | 'FLAG'
  | 'REJECT'
  | 'EXPIRE'
  | 'CANCEL'
  | 'REVERSE'
  | 'RETURN'
  | 'ERASE'
  | 'CORRECT'
  | 'REQUEST';

const SHORT: Record<TransactionEvent['type'], string> = {
  'TransactionSubmitted.v1': 'SUB',
  'AskStarted.v1': 'ASK',
  'AskAnswered.v1': 'ANSWER',
  'BindingProposed.v1': 'PROPOSE',
  'BindingRefused.v2': 'REFUSE',
  'TransactionVerified.v1': 'VERIFY',
  'TransactionFlaggedForReview.v1': 'FLAG',
  'TransactionRejected.v1': 'REJECT',
  'TransactionExpired.v1': 'EXPIRE',
  'TransactionCancelled.v1': 'CANCEL',
  'TransactionReversed.v1': 'REVERSE',
  'TransactionReturnedToPending.v1': 'RETURN',
  'PersonalDataErased.v1': 'ERASE',
  'TransactionCorrected.v1': 'CORRECT',
  'NaturalKeyReserved.v1': 'RESERVE',
  'VerificationRequested.v1': 'REQUEST',
};

const afterDeadline = minutesLater(VISIBLE_WITHIN_MINUTES + 1).toISOString();
const submittedOnly = [
  happened.submitted({ payer: { ...aClaim().payer, sealed: { keyId: 'k', box: 'b' } } }),
];
const asking = [...submittedOnly, happened.askStarted()];
const answered = [...asking, happened.askAnswered({ answeredAt: afterDeadline })];
const proposalId = anId('earlier');
const verified = [
  ...answered,
  happened.bindingProposed({ proposalId, movement: aMovement({ movementKey: 'c' }) }),
  happened.verified({ proposalId, movementKey: 'c' }),
];
const debit = aMovement({ movementKey: 'd', direction: 'debit' });

const STAGES: Record<Stage, readonly TransactionEvent[]> = {
  none: [],
  pending: answered,
  pending_asking: asking,
  pending_binding: [...answered, happened.bindingProposed()],
  verified,
  needs_review: [...answered, happened.flagged({ candidates: [aMovement()] })],
  review_binding: [...answered, happened.flagged(), happened.bindingProposed()],
  review_holding: [
    ...verified,
    happened.flagged({ reason: 'reversal_suspected', candidates: [debit] }),
  ],
  rejected: [...answered, happened.rejected({ reason: 'refused_in_review' })],
  expired: [...answered, happened.expired()],
  expired_binding: [...answered, happened.expired(), happened.bindingProposed()],
  cancelled: [...answered, happened.cancelled()],
  reversed: [...verified, happened.reversed()],
  reserved: [happened.keyReserved()],
};

const NOW = minutesLater(VISIBLE_WITHIN_MINUTES + 10);
const PAYER = { phone: null, document: null, name: null };

const asks = (state: Transaction): number => (state.status === 'none' ? 0 : state.asks.started);
const seen = (state: Transaction) => ({
  by: 'user:1',
  reason: 'looked at the statement',
  seenVersion: state.status === 'none' ? 0 : state.version,
});
const resolve = (resolution: Resolution) => (state: Transaction) =>
  resolveReview(state, { ...seen(state), resolution }, NOW);

const COMMANDS = {
  submit: (state) => submit(state, { claim: aClaim(), payer: PAYER, recordedPayer: PAYER }),
  submitOther: (state) =>
    submit(state, { claim: aClaim({ amountMinor: 1 }), payer: PAYER, recordedPayer: PAYER }),
  startAsk: (state) =>
    startAsk(
      state,
      {
        askId: anId('next ask'),
        credentialId: 'banesco',
        permitId: anId('next permit'),
        askedOn: '2026-03-10',
        deadlineAt: NOW,
        asksSeen: asks(state),
      },
      NOW,
    ),
  recordAnswer: (state) =>
    recordAnswer(state, happened.askAnswered({ outcome: 'found' }).data, NOW),
  closeUnansweredAsk: (state) => closeUnansweredAsk(state, { askId: anId('ask') }, NOW),
  proposeBinding: (state) =>
    proposeBinding(
      state,
      { proposalId: anId('next'), slot: SLOT, movement: aMovement(), askId: anId('ask') },
      NOW,
    ),
  confirmBinding: (state) => confirmBinding(state, { proposalId: anId('proposal') }, NOW),
  refuseBinding: (state) =>
    refuseBinding(
      state,
      {
        proposalId: anId('proposal'),
        holder: { transactionId: anId('x'), merchantId: anId('merchant'), externalId: 'order-1' },
      },
      NOW,
    ),
  flagForReview: (state) =>
    flagForReview(
      state,
      { reason: 'amount_differs', candidates: [aMovement({ movementKey: 'f' })], note: null },
      NOW,
    ),
  suspectReversal: (state) =>
    flagForReview(
      state,
      { reason: 'reversal_suspected', candidates: [aMovement({ movementKey: 'e' })], note: null },
      NOW,
    ),
  rejectByRule: (state) => rejectByRule(state, { reason: 'claim_invalid', note: null }, NOW),
  expire: (state) => expire(state, NOW),
  erase: (state) => erase(state, { erasedBy: 'user:1', reason: 'asked for' }, NOW),
  cancel: (state) => cancel(state, { cancelledBy: 'api_key:1', reason: null }, NOW),
  verifyInReview: resolve({
    outcome: 'verify',
    movementKey: aMovement().movementKey,
    slot: SLOT,
    proposalId: anId('persons'),
  }),
  rejectInReview: resolve({ outcome: 'reject' }),
  askAgain: resolve({ outcome: 'ask_again' }),
  reverse: (state) => reverse(state, seen(state), NOW),
  reopen: (state) => reopen(state, seen(state), NOW),
  correct: (state) =>
    correct(state, { ...happened.corrected().data, seenVersion: seen(state).seenVersion }, NOW),
  requestVerification: (state) => requestVerification(state, { requestedBy: 'api_key:1' }, NOW),
} as const satisfies Record<string, (state: Transaction) => TransactionDecision>;

type CommandName = keyof typeof COMMANDS;

const NOT = 'not_allowed_in_status';
const BUSY = 'binding_in_progress';
const GONE = 'transaction_not_found';

const MATRIX: Record<Stage, Record<CommandName, Outcome>> = {
  none: {
    submit: 'SUB',
    submitOther: 'SUB',
    startAsk: GONE,
    recordAnswer: GONE,
    closeUnansweredAsk: GONE,
    proposeBinding: GONE,
    confirmBinding: GONE,
    refuseBinding: GONE,
    flagForReview: GONE,
    suspectReversal: GONE,
    rejectByRule: GONE,
    expire: GONE,
    erase: GONE,
    cancel: GONE,
    verifyInReview: GONE,
    rejectInReview: GONE,
    askAgain: GONE,
    reverse: GONE,
    reopen: GONE,
    correct: GONE,
    requestVerification: GONE,
  },
  pending: {
    submit: 'nothing',
    submitOther: 'duplicate_reference',
    startAsk: 'ASK',
    recordAnswer: 'ask_not_open',
    closeUnansweredAsk: 'nothing',
    proposeBinding: 'PROPOSE',
    confirmBinding: 'proposal_unknown',
    refuseBinding: 'proposal_unknown',
    flagForReview: 'FLAG',
    suspectReversal: NOT,
    rejectByRule: 'REJECT',
    expire: 'EXPIRE',
    erase: 'claim_still_open',
    cancel: 'CANCEL',
    verifyInReview: NOT,
    rejectInReview: NOT,
    askAgain: NOT,
    reverse: NOT,
    reopen: NOT,
    correct: 'CORRECT',
    requestVerification: 'REQUEST',
  },
  pending_asking: {
    submit: 'nothing',
    submitOther: 'duplicate_reference',
    startAsk: 'ask_in_progress',
    recordAnswer: 'ANSWER',
    closeUnansweredAsk: 'ANSWER',
    proposeBinding: 'PROPOSE',
    confirmBinding: 'proposal_unknown',
    refuseBinding: 'proposal_unknown',
    flagForReview: 'FLAG',
    suspectReversal: NOT,
    rejectByRule: 'ask_in_progress',
    expire: 'ask_in_progress',
    erase: 'ask_in_progress',
    cancel: 'CANCEL',
    verifyInReview: NOT,
    rejectInReview: NOT,
    askAgain: NOT,
    reverse: NOT,
    reopen: NOT,
    correct: 'ask_in_progress',
    requestVerification: 'nothing',
  },
  pending_binding: {
    submit: 'nothing',
    submitOther: 'duplicate_reference',
    startAsk: BUSY,
    recordAnswer: 'ask_not_open',
    closeUnansweredAsk: 'nothing',
    proposeBinding: BUSY,
    confirmBinding: 'VERIFY',
    refuseBinding: 'REFUSE REJECT',
    flagForReview: BUSY,
    suspectReversal: BUSY,
    rejectByRule: BUSY,
    expire: BUSY,
    erase: BUSY,
    cancel: BUSY,
    verifyInReview: BUSY,
    rejectInReview: BUSY,
    askAgain: BUSY,
    reverse: BUSY,
    reopen: NOT,
    correct: BUSY,
    requestVerification: 'nothing',
  },
  verified: {
    submit: 'nothing',
    submitOther: 'duplicate_reference',
    startAsk: NOT,
    recordAnswer: 'ask_not_open',
    closeUnansweredAsk: 'nothing',
    proposeBinding: NOT,
    confirmBinding: 'proposal_unknown',
    refuseBinding: 'proposal_unknown',
    flagForReview: NOT,
    suspectReversal: 'FLAG',
    rejectByRule: NOT,
    expire: NOT,
    erase: 'ERASE',
    cancel: NOT,
    verifyInReview: NOT,
    rejectInReview: NOT,
    askAgain: NOT,
    reverse: 'REVERSE',
    reopen: 'FLAG',
    correct: NOT,
    requestVerification: NOT,
  },
  needs_review: {
    submit: 'nothing',
    submitOther: 'duplicate_reference',
    startAsk: 'ASK',
    recordAnswer: 'ask_not_open',
    closeUnansweredAsk: 'nothing',
    proposeBinding: NOT,
    confirmBinding: 'proposal_unknown',
    refuseBinding: 'proposal_unknown',
    flagForReview: 'FLAG',
    suspectReversal: NOT,
    rejectByRule: NOT,
    expire: NOT,
    erase: 'claim_still_open',
    cancel: 'CANCEL',
    verifyInReview: 'PROPOSE',
    rejectInReview: 'REJECT',
    askAgain: 'RETURN',
    reverse: NOT,
    reopen: NOT,
    correct: 'CORRECT',
    requestVerification: NOT,
  },
  review_binding: {
    submit: 'nothing',
    submitOther: 'duplicate_reference',
    startAsk: BUSY,
    recordAnswer: 'ask_not_open',
    closeUnansweredAsk: 'nothing',
    proposeBinding: NOT,
    confirmBinding: 'VERIFY',
    refuseBinding: 'REFUSE FLAG',
    flagForReview: BUSY,
    suspectReversal: BUSY,
    rejectByRule: NOT,
    expire: NOT,
    erase: BUSY,
    cancel: BUSY,
    verifyInReview: BUSY,
    rejectInReview: BUSY,
    askAgain: BUSY,
    reverse: BUSY,
    reopen: NOT,
    correct: BUSY,
    requestVerification: NOT,
  },
  review_holding: {
    submit: 'nothing',
    submitOther: 'duplicate_reference',
    startAsk: 'ASK',
    recordAnswer: 'ask_not_open',
    closeUnansweredAsk: 'nothing',
    proposeBinding: NOT,
    confirmBinding: 'proposal_unknown',
    refuseBinding: 'proposal_unknown',
    flagForReview: 'FLAG',
    suspectReversal: 'FLAG',
    rejectByRule: NOT,
    expire: NOT,
    erase: 'claim_still_open',
    cancel: 'movement_held',
    verifyInReview: 'movement_unknown',
    rejectInReview: 'movement_held',
    askAgain: 'movement_held',
    reverse: 'REVERSE',
    reopen: NOT,
    correct: 'movement_held',
    requestVerification: NOT,
  },
  rejected: {
    submit: 'predecessor_closed',
    submitOther: 'predecessor_closed',
    startAsk: NOT,
    recordAnswer: 'ask_not_open',
    closeUnansweredAsk: 'nothing',
    proposeBinding: NOT,
    confirmBinding: 'proposal_unknown',
    refuseBinding: 'proposal_unknown',
    flagForReview: NOT,
    suspectReversal: NOT,
    rejectByRule: NOT,
    expire: NOT,
    erase: 'ERASE',
    cancel: NOT,
    verifyInReview: NOT,
    rejectInReview: NOT,
    askAgain: NOT,
    reverse: NOT,
    reopen: 'FLAG',
    correct: NOT,
    requestVerification: NOT,
  },
  expired: {
    submit: 'nothing',
    submitOther: 'duplicate_reference',
    startAsk: 'ASK',
    recordAnswer: 'ask_not_open',
    closeUnansweredAsk: 'nothing',
    proposeBinding: 'PROPOSE',
    confirmBinding: 'proposal_unknown',
    refuseBinding: 'proposal_unknown',
    flagForReview: 'FLAG',
    suspectReversal: NOT,
    rejectByRule: NOT,
    expire: 'nothing',
    erase: 'claim_still_open',
    cancel: 'CANCEL',
    verifyInReview: NOT,
    rejectInReview: NOT,
    askAgain: NOT,
    reverse: NOT,
    reopen: NOT,
    correct: 'CORRECT',
    requestVerification: 'REQUEST',
  },
  expired_binding: {
    submit: 'nothing',
    submitOther: 'duplicate_reference',
    startAsk: BUSY,
    recordAnswer: 'ask_not_open',
    closeUnansweredAsk: 'nothing',
    proposeBinding: BUSY,
    confirmBinding: 'VERIFY',
    refuseBinding: 'REFUSE FLAG',
    flagForReview: BUSY,
    suspectReversal: BUSY,
    rejectByRule: NOT,
    expire: 'nothing',
    erase: BUSY,
    cancel: BUSY,
    verifyInReview: BUSY,
    rejectInReview: BUSY,
    askAgain: BUSY,
    reverse: BUSY,
    reopen: NOT,
    correct: BUSY,
    requestVerification: 'nothing',
  },
  cancelled: {
    submit: 'predecessor_closed',
    submitOther: 'predecessor_closed',
    startAsk: NOT,
    recordAnswer: 'ask_not_open',
    closeUnansweredAsk: 'nothing',
    proposeBinding: NOT,
    confirmBinding: 'proposal_unknown',
    refuseBinding: 'proposal_unknown',
    flagForReview: NOT,
    suspectReversal: NOT,
    rejectByRule: NOT,
    expire: NOT,
    erase: 'ERASE',
    cancel: 'nothing',
    verifyInReview: NOT,
    rejectInReview: NOT,
    askAgain: NOT,
    reverse: NOT,
    reopen: NOT,
    correct: NOT,
    requestVerification: NOT,
  },
  reversed: {
    submit: 'nothing',
    submitOther: 'duplicate_reference',
    startAsk: NOT,
    recordAnswer: 'ask_not_open',
    closeUnansweredAsk: 'nothing',
    proposeBinding: NOT,
    confirmBinding: 'proposal_unknown',
    refuseBinding: 'proposal_unknown',
    flagForReview: NOT,
    suspectReversal: NOT,
    rejectByRule: NOT,
    expire: NOT,
    erase: 'ERASE',
    cancel: NOT,
    verifyInReview: NOT,
    rejectInReview: NOT,
    askAgain: NOT,
    reverse: NOT,
    reopen: 'FLAG',
    correct: NOT,
    requestVerification: NOT,
  },
  reserved: {
    submit: 'key_reserved',
    submitOther: 'key_reserved',
    startAsk: GONE,
    recordAnswer: GONE,
    closeUnansweredAsk: GONE,
    proposeBinding: GONE,
    confirmBinding: GONE,
    refuseBinding: GONE,
    flagForReview: GONE,
    suspectReversal: GONE,
    rejectByRule: GONE,
    expire: GONE,
    erase: GONE,
    cancel: GONE,
    verifyInReview: GONE,
    rejectInReview: GONE,
    askAgain: GONE,
    reverse: GONE,
    reopen: GONE,
    correct: GONE,
    requestVerification: GONE,
  },
};

const outcomeOf = (decision: TransactionDecision): string => {
  if (decision.outcome === 'rejected') return decision.code;
  return decision.events.map(({ type }) => SHORT[type]).join(' ') || 'nothing';
};

describe('deciding each command in each stage of a life', () => {
  const cells = Object.entries(MATRIX).flatMap(([stage, commands]) =>
    Object.entries(commands).map(([command, outcome]) => ({ command, stage, outcome })),
  );

  it.each(cells)('answers $command in $stage with $outcome', ({ command, stage, outcome }) => {
    const decide = COMMANDS[command as CommandName];

    expect(outcomeOf(decide(after(STAGES[stage as Stage])))).toBe(outcome);
  });
});
