import type { ObservedMovement } from '../../matching/observed-movement.js';
import type { Status } from '../domain/transaction.js';

/** One row per transaction: what the list shows and what it can be filtered by. Personal data only masked or hashed. */
export interface TransactionViewTable {
  readonly transaction_id: string;
  readonly merchant_id: string;
  readonly mode: 'live' | 'test';
  readonly status: Status;
  readonly status_reason: string | null;
  readonly duplicate_of: string | null;
  readonly external_id: string;
  readonly kind: 'pago_movil' | 'transfer' | 'card_deposit';
  readonly type: 'payment' | 'commission' | 'other';
  readonly receiving_account_id: string;
  readonly bank: string;
  readonly origin_bank: string;
  readonly reference: string;
  /** Without leading zeros, so that a filter finds every spelling. */
  readonly reference_canonical: string;
  readonly amount_minor: bigint;
  readonly currency: string;
  readonly paid_on: string;
  readonly payer_phone_mask: string | null;
  readonly payer_document_mask: string | null;
  readonly payer_name_mask: string | null;
  /** Blind indexes; null when nothing was given, or once it is erased. */
  readonly payer_phone_index: string | null;
  readonly payer_document_index: string | null;
  readonly bank_on: string | null;
  readonly bank_amount_minor: bigint | null;
  readonly amount_difference_minor: bigint | null;
  readonly late: boolean | null;
  readonly verified_at: Date | null;
  readonly evidence: readonly ObservedMovement[];
  readonly match_until: Date;
  readonly submitted_at: Date;
  readonly updated_at: Date;
  /** Revision of the last event that is more than an ask. */
  readonly version: bigint;
  /** The list's order: where in the log the claim came. */
  readonly submitted_position: bigint;
  /** Of the last event applied. */
  readonly position: bigint;
}

declare module '../../platform/database/database.js' {
  interface Database {
    'read.transaction_view': TransactionViewTable;
  }
}
