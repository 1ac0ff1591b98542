import type { BankOutcome } from '../matching/bank-answer.js';

/** One listing of an account's movements: what was asked for, and how it ended. */
export interface AccountSweepTable {
  sweep_id: string;
  receiving_account_id: string;
  credential_id: string;
  from_on: string;
  to_on: string;
  started_at: Date;
  deadline_at: Date;
  /** Null while its answer is awaited. */
  answered_at: Date | null;
  outcome: BankOutcome | null;
  movements: number | null;
  /** Position of the last event that the row knows. */
  position: bigint;
}

declare module '../platform/database/database.js' {
  interface Database {
    'read.account_sweep': AccountSweepTable;
  }
}
