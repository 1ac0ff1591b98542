import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { DatabaseConnection, type DatabaseTransaction } from '../platform/database/database.js';
import type { MailCause, MailFacts, MailKind } from './domain/mail.js';
import './mail-queue.table.js';
import type { MailRow } from './mail-queue.table.js';

/** A mail to be sent; its id follows from its cause, so that one cause makes one mail. */
export interface QueuedMail {
  readonly mailId: string;
  readonly kind: MailKind;
  readonly recipient: string;
  readonly facts: MailFacts;
}

/** Mails between what caused them and the mail server. */
@Injectable()
export class MailQueue {
  constructor(private readonly db: DatabaseConnection) {}

  inTransaction<T>(work: (tx: DatabaseTransaction) => Promise<T>): Promise<T> {
    return this.db.kysely.transaction().execute(work);
  }

  /** Where somebody is reached; null: nowhere. */
  async addressOf(tx: DatabaseTransaction, to: MailCause['to']): Promise<string | null> {
    const { rows } = await ('user' in to
      ? sql<{ email: string }>`
          select email from state.app_user where user_id = ${to.user} and not disabled`.execute(tx)
      : sql<{ email: string | null }>`
          select contact_email as email from state.merchant where merchant_id = ${to.merchant}`.execute(
          tx,
        ));
    return rows[0]?.email ?? null;
  }

  async add(tx: DatabaseTransaction, mail: QueuedMail, now: Date): Promise<void> {
    await tx
      .insertInto('state.mail')
      .values({
        mail_id: mail.mailId,
        kind: mail.kind,
        recipient: mail.recipient,
        facts: JSON.stringify(mail.facts),
        queued_at: now,
        due_at: now,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  /** The mail that is due longest; null: none is. */
  async nextDue(now: Date): Promise<MailRow | null> {
    const row = await this.db.kysely
      .selectFrom('state.mail')
      .selectAll()
      .where('state', '=', 'waiting')
      .where('due_at', '<=', now)
      .orderBy('due_at')
      .limit(1)
      .executeTakeFirst();
    return row ?? null;
  }

  /** Counts an attempt before it is made, and says when the next one is: a crash in between repeats it then. */
  async begin(mailId: string, attempts: number, dueAt: Date): Promise<void> {
    await this.db.kysely
      .updateTable('state.mail')
      .set({ attempts, due_at: dueAt })
      .where('mail_id', '=', mailId)
      .execute();
  }

  async failedOnce(mailId: string, reason: string, dueAt: Date): Promise<void> {
    await this.db.kysely
      .updateTable('state.mail')
      .set({ failed_with: reason, due_at: dueAt })
      .where('mail_id', '=', mailId)
      .execute();
  }

  /** It is over; whose it was is forgotten. */
  async end(
    mailId: string,
    state: 'sent' | 'failed',
    { reason, now }: { readonly reason: string | null; readonly now: Date },
  ): Promise<void> {
    await this.db.kysely
      .updateTable('state.mail')
      .set({ state, recipient: null, failed_with: reason, ended_at: now })
      .where('mail_id', '=', mailId)
      .execute();
  }

  async countWaiting(): Promise<number> {
    const { count } = await this.db.kysely
      .selectFrom('state.mail')
      .select(({ fn }) => fn.countAll<bigint>().as('count'))
      .where('state', '=', 'waiting')
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  /** Deletes what was over before an instant. Tells how many. */
  async flush(before: Date): Promise<number> {
    const { numDeletedRows } = await this.db.kysely
      .deleteFrom('state.mail')
      .where('ended_at', '<', before)
      .executeTakeFirst();
    return Number(numDeletedRows);
  }
}
