import type { ColumnType, Selectable } from 'kysely';
import type { MailFacts, MailKind } from './domain/mail.js';

export type MailState = 'waiting' | 'kept' | 'refused' | 'sent' | 'failed';

/** Mails on their way, and for a while those that arrived or were given up. */
export interface MailTable {
  readonly mail_id: string;
  readonly kind: MailKind;
  /** Null once it is over. */
  readonly recipient: ColumnType<string | null, string, null>;
  readonly facts: ColumnType<MailFacts, string, never>;
  readonly queued_at: Date;
  readonly due_at: Date;
  readonly attempts: ColumnType<number, never, number>;
  /**
   * `kept`: its attempts are used up, and it is tried now and then. `refused`: for good, by a server, or it ended its
   * sender each time; only a person has it sent again. `failed`: it was kept for too long.
   */
  readonly state: ColumnType<MailState, never, MailState>;
  readonly failed_with: ColumnType<string | null, never, string | null>;
  readonly ended_at: ColumnType<Date | null, never, Date>;
}

export type MailRow = Selectable<MailTable>;

declare module '../platform/database/database.js' {
  interface Database {
    'state.mail': MailTable;
  }
}
