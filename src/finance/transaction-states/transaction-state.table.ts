import type { TransactionSubmitted } from '../../transactions/events/transaction-submitted.event.js';

/**
 * What finance says of one live transaction, from one place in the log to the next that says something else. No row is
 * ever changed but for its end, so that every position of the log can be asked again. Personal data only masked.
 */
export interface TransactionStateTable {
  readonly transaction_id: string;
  /** Of the event that made it so. */
  readonly from_position: bigint;
  /** Of the event from which on something else holds; null: none. */
  readonly until_position: bigint | null;
  readonly merchant_id: string;
  readonly external_id: string;
  readonly kind: TransactionSubmitted['kind'];
  readonly type: TransactionSubmitted['type'];
  readonly receiving_account_id: string;
  readonly bank: string;
  readonly origin_bank: string;
  readonly reference: string;
  readonly status: TransactionStateStatus;
  readonly status_reason: string | null;
  readonly duplicate_of: string | null;
  /** The bank's day once a movement is bound, the claimed day until then. */
  readonly day: string;
  readonly paid_on: string;
  readonly bank_on: string | null;
  readonly verified_at: Date | null;
  readonly late: boolean | null;
  readonly currency: string;
  readonly claimed_minor: bigint;
  /** Null while no movement is bound: unknown, not nothing. */
  readonly bank_minor: bigint | null;
  readonly difference_minor: bigint | null;
  readonly payer_phone_mask: string | null;
  readonly payer_document_mask: string | null;
  readonly payer_name_mask: string | null;
  /** Who brought it to its status, when and why; null while nobody has decided since the claim was made. */
  readonly decided_by: string | null;
  readonly decided_at: Date | null;
  readonly decision_reason: string | null;
  readonly submitted_at: Date;
}

type TransactionStateStatus =
  'pending' | 'verified' | 'needs_review' | 'rejected' | 'expired' | 'cancelled' | 'reversed';

declare module '../../platform/database/database.js' {
  interface Database {
    'read.transaction_state': TransactionStateTable;
  }
}
