/** How a refusal is told: an HTTP status, a title that is always the same, and what to do about it. */
interface Wording {
  readonly status: 403 | 404 | 409 | 412 | 422;
  readonly title: string;
  readonly detail: string;
  /** True when the same call may succeed later without anybody changing it. */
  readonly retryable?: boolean;
  /** JSON pointer of the field that the rule speaks of. */
  readonly pointer?: string;
}

/** Every reason for which a rule about transactions refuses; the codes are public and never change their meaning. */
export const transactionRejections = {
  transaction_not_found: {
    status: 404,
    title: 'There is no such transaction',
    detail: 'Nothing with this id exists, or it belongs to somebody else.',
  },
  duplicate_reference: {
    status: 409,
    title: 'The reference is claimed already',
    detail:
      'A claim with the same account, kind, bank, reference and day exists and says something else; transaction_id names it. Send distinct_from with that id if this is another payment.',
  },
  predecessor_closed: {
    status: 409,
    title: 'An earlier claim with this key was given up',
    detail: 'The claim was cancelled or rejected; the next one takes another number.',
    retryable: true,
  },
  key_reserved: {
    status: 409,
    title: 'The reference belongs to a corrected claim',
    detail: 'Another claim was corrected to this account, kind, bank, reference and day.',
    retryable: true,
  },
  too_many_occurrences: {
    status: 409,
    title: 'The reference was claimed too often',
    detail: 'Claims with this key were cancelled or rejected too many times to take another.',
  },
  distinct_from_unrelated: {
    status: 422,
    title: 'The transactions are distinct anyway',
    detail: 'The transaction named there does not exist, or has another key than this claim.',
    pointer: '/distinct_from',
  },
  merchant_suspended: {
    status: 403,
    title: 'The merchant is suspended',
    detail: 'The merchant may not submit claims until it is released.',
  },
  receiving_account_unknown: {
    status: 422,
    title: 'The receiving account is not known',
    detail: 'It does not exist, or it belongs to somebody else.',
    pointer: '/receiving_account_id',
  },
  pago_movil_not_received: {
    status: 422,
    title: 'The account receives no Pago Móvil',
    detail:
      'Of the accounts of one affiliate one receives Pago Móvil each day, since the bank does not say which of them was paid. On that day it was not this one.',
    pointer: '/receiving_account_id',
  },
  bank_not_served: {
    status: 422,
    title: 'The bank is not served',
    detail: 'This installation cannot ask the bank of the receiving account about such payments.',
    pointer: '/receiving_account_id',
  },
  reference_too_short: {
    status: 422,
    title: 'The reference is too short',
    detail: 'The bank cannot be asked with so few digits; least_digits says how many it needs.',
    pointer: '/reference',
  },
  payer_incomplete: {
    status: 422,
    title: 'The bank needs to know more of the payer',
    detail: 'The bank cannot be asked about such a payment without the field that missing names.',
    pointer: '/payer',
  },
  not_allowed_in_status: {
    status: 409,
    title: 'The status does not allow this',
    detail:
      'The transaction is in a status from which this cannot be done; transaction_status names it.',
  },
  binding_in_progress: {
    status: 409,
    title: 'A movement is being bound',
    detail: 'A movement that fits is being bound to the transaction. Try again in a few seconds.',
    retryable: true,
  },
  movement_held: {
    status: 409,
    title: 'A movement is bound to the transaction',
    detail: 'The transaction holds a movement of the bank. Reverse or reopen it instead.',
  },
  ask_in_progress: {
    status: 409,
    title: 'The bank is being asked',
    detail: 'An ask about the transaction is open. Try again when it is answered.',
    retryable: true,
  },
  not_due: {
    status: 409,
    title: 'The ask is out of date',
    detail: 'The bank has been asked about the transaction since this ask was planned.',
    retryable: true,
  },
  requested_recently: {
    status: 409,
    title: 'The bank was to be asked a moment ago',
    detail:
      'The bank is asked about a claim at most once a minute on request; retry_after_seconds says when again.',
    retryable: true,
  },
  requested_too_often: {
    status: 409,
    title: 'The bank was to be asked too often',
    detail: 'The bank is asked about the claim by schedule; no more requests are taken for it.',
  },
  claim_corrected: {
    status: 409,
    title: 'The claim was corrected meanwhile',
    detail: 'What was planned or found belongs to words of the claim that it no longer has.',
    retryable: true,
  },
  too_many_corrections: {
    status: 409,
    title: 'The claim was corrected too often',
    detail: 'Cancel the claim and submit another one.',
  },
  movement_already_bound: {
    status: 409,
    title: 'The movement belongs to another transaction',
    detail:
      'The movement, or one that could be the same, is bound elsewhere; the decision did nothing.',
  },
  match_period_over: {
    status: 409,
    title: 'The transaction is no longer matched',
    detail: 'The time in which an expired transaction is still matched is over.',
  },
  ask_not_open: {
    status: 409,
    title: 'There is no such open ask',
    detail: 'The ask was never started, or was closed with another outcome.',
  },
  ask_not_overdue: {
    status: 409,
    title: 'The ask may still be answered',
    detail: 'The deadline of the ask has not passed yet.',
    retryable: true,
  },
  proposal_unknown: {
    status: 409,
    title: 'There is no such proposal',
    detail: 'No binding with this proposal is in progress.',
  },
  not_a_credit: {
    status: 422,
    title: 'The movement is not a credit',
    detail: 'The movement took money out of the account; only a credit can pay a claim.',
  },
  currency_differs: {
    status: 422,
    title: 'The currency differs',
    detail: "The movement's currency is not the claim's.",
  },
  amount_differs: {
    status: 422,
    title: 'The amount differs',
    detail: "The movement's amount lies outside the merchant's tolerance.",
  },
  movement_unknown: {
    status: 422,
    title: 'The movement is not known here',
    detail: 'The movement is not part of the evidence of this transaction.',
  },
  no_conclusive_answer: {
    status: 409,
    title: 'The bank has not said no',
    detail:
      'No answer after the time in which the bank must show the credit says that it does not.',
    retryable: true,
  },
  claim_still_open: {
    status: 409,
    title: 'The claim is still open',
    detail:
      'The bank may still be asked about the claim. Cancel or settle it first, or wait until it is matched no more.',
  },
  newer_fact: {
    status: 412,
    title: 'Something newer happened',
    detail:
      'The transaction has changed since the version that the decision names; version and transaction_status say what it is now.',
  },
} as const satisfies Record<string, Wording>;

export type TransactionRejectionCode = keyof typeof transactionRejections;
