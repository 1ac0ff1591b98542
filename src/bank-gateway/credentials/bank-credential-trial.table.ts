import type { ColumnType } from 'kysely';
import type { ActContext } from '../../access/acts/security-acts.port.js';

/**
 * How a trial ended. `unknown`: the bank gave no answer that says whether it takes them; `overtaken`: others came in
 * force meanwhile.
 */
export type TrialEnd = 'accepted' | 'refused' | 'unknown' | 'overtaken';

/** Secrets on their way into force. The box is gone as soon as the trial has ended. */
export interface BankCredentialTrialTable {
  readonly trial_id: string;
  readonly credential_id: string;
  /** The version that was in force when somebody sent them. */
  readonly seen_version: number;
  readonly box: Buffer | null;
  readonly acting: ColumnType<ActContext, string, never>;
  readonly reason: string;
  readonly begun_at: Date;
  /** Until then whoever tries them has them for itself. */
  readonly lease_until: Date;
  readonly outcome: TrialEnd | null;
  readonly ended_at: Date | null;
}

declare module '../../platform/database/database.js' {
  interface Database {
    'state.bank_credential_trial': BankCredentialTrialTable;
  }
}
