/** How a refusal is told to the caller: an HTTP status and words that never change their meaning. */
export interface RejectionWording {
  readonly status: 403 | 404 | 409 | 412 | 422;
  readonly title: string;
  /** True when the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean;
}

/** Every reason for which a rule about transactions refuses; the codes are public and stable. */
export const transactionRejections = {
  transaction_not_found: {
    status: 404,
    title: 'There is no such transaction.',
    retryable: false,
  },
  duplicate_reference: {
    status: 409,
    title:
      'Another claim with this reference, bank, account and day exists and says something else.',
    retryable: false,
  },
  predecessor_closed: {
    status: 409,
    title: 'The claim with this key was cancelled or rejected; the next one takes another number.',
    retryable: true,
  },
  too_many_occurrences: {
    status: 409,
    title: 'This reference was claimed, and given up, too many times.',
    retryable: false,
  },
  distinct_from_unrelated: {
    status: 422,
    title: 'The transaction named in distinct_from is not one with the same key.',
    retryable: false,
  },
  merchant_suspended: {
    status: 403,
    title: 'The merchant is suspended and may not submit claims.',
    retryable: false,
  },
  not_allowed_in_status: {
    status: 409,
    title: "The transaction's status does not allow this.",
    retryable: false,
  },
  binding_in_progress: {
    status: 409,
    title: 'A movement is being bound to the transaction; try again in a few seconds.',
    retryable: true,
  },
  movement_held: {
    status: 409,
    title: 'A movement is bound to the transaction; reverse or reopen it instead.',
    retryable: false,
  },
  ask_in_progress: {
    status: 409,
    title: 'The bank is being asked about the transaction.',
    retryable: true,
  },
  not_due: {
    status: 409,
    title: 'The transaction has been asked about since this ask was planned.',
    retryable: true,
  },
  match_period_over: {
    status: 409,
    title: 'The time in which an expired transaction is still matched is over.',
    retryable: false,
  },
  ask_not_open: {
    status: 409,
    title: 'There is no such open ask.',
    retryable: false,
  },
  ask_not_overdue: {
    status: 409,
    title: 'The ask may still be answered.',
    retryable: true,
  },
  proposal_unknown: {
    status: 409,
    title: 'There is no such proposal in progress.',
    retryable: false,
  },
  not_a_credit: {
    status: 422,
    title: 'The movement took money out; only a credit can pay a claim.',
    retryable: false,
  },
  currency_differs: {
    status: 422,
    title: "The movement's currency is not the claim's.",
    retryable: false,
  },
  amount_differs: {
    status: 422,
    title: "The movement's amount lies outside the merchant's tolerance.",
    retryable: false,
  },
  movement_unknown: {
    status: 422,
    title: 'The movement is not part of the evidence of this transaction.',
    retryable: false,
  },
  no_conclusive_answer: {
    status: 409,
    title:
      'No bank has said conclusively, after the time in which it must show, that it shows nothing.',
    retryable: true,
  },
  newer_fact: {
    status: 412,
    title: 'Something happened to the transaction after the version that the decision names.',
    retryable: false,
  },
} as const satisfies Record<string, RejectionWording>;

export type TransactionRejectionCode = keyof typeof transactionRejections;
