import type { Watch } from './domain/watch.js';

/** One row per transaction; the columns beside `watch` are what the verifier looks for. */
export interface VerificationQueueTable {
  transaction_id: string;
  merchant_id: string;
  receiving_account_id: string;
  /** The claimed day. */
  paid_on: string;
  credential_id: string;
  bank: string;
  mode: 'live' | 'test';
  standing: Watch['standing'];
  submitted_at: Date;
  /** When the bank is to be asked next; null while nothing is to be asked. */
  due_at: Date | null;
  /** The day to ask about then. */
  asked_on: string | null;
  /** How long it may be put off beyond that time where permits are scarce. */
  patience_ms: number;
  /** Since when the merchant wants it asked about before its others. */
  requested_at: Date | null;
  /** When the money was last found, whatever became of it later. */
  verified_at: Date | null;
  /** Set while an ask is open. */
  ask_deadline_at: Date | null;
  /** Set while a binding is under way. */
  proposed_at: Date | null;
  release_owed: boolean;
  watch: Watch;
  /** Position of the last event that the row knows. */
  position: bigint;
}

declare module '../platform/database/database.js' {
  interface Database {
    'read.verification_queue': VerificationQueueTable;
  }
}
