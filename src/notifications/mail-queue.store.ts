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

  /** The mail that is due longest, those that are kept after all others; null: none is due. */
  async nextDue(now: Date): Promise<MailRow | null> {
    const row = await this.db.kysely
      .selectFrom('state.mail')
      .selectAll()
      .where('state', 'in', ['waiting', 'kept'])
      .where('due_at', '<=', now)
      .orderBy('state', 'desc')
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

  /** It arrived; whose it was is forgotten. */
  async sent(mailId: string, now: Date): Promise<void> {
    await this.db.kysely
      .updateTable('state.mail')
      .set({ state: 'sent', recipient: null, failed_with: null, ended_at: now })
      .where('mail_id', '=', mailId)
      .execute();
  }

  /** Nobody tries it at once any more, and it is not forgotten. */
  async keep(
    mailId: string,
    state: 'kept' | 'refused',
    { reason, dueAt }: { readonly reason: string; readonly dueAt: Date },
  ): Promise<void> {
    await this.db.kysely
      .updateTable('state.mail')
      .set({ state, failed_with: reason, due_at: dueAt })
      .where('mail_id', '=', mailId)
      .execute();
  }

  /** The server is away: one mail after another would only find the same. */
  async holdKept(until: Date): Promise<void> {
    await sql`
      update state.mail set due_at = ${until} where state = 'kept' and due_at < ${until}`.execute(
      this.db.kysely,
    );
  }

  /** The server is back: what was kept because it was away is due. Those it put off one by one keep their time. */
  async resumeKept(now: Date): Promise<void> {
    await sql`
      update state.mail set due_at = ${now}
      where state = 'kept' and due_at > ${now} and failed_with !~ '^E(ENVELOPE|MESSAGE) '`.execute(
      this.db.kysely,
    );
  }

  /** What was not handed over and is kept, oldest first. */
  undelivered(limit: number): Promise<MailRow[]> {
    return this.db.kysely
      .selectFrom('state.mail')
      .selectAll()
      .where('state', 'in', ['kept', 'refused'])
      .orderBy('queued_at')
      .limit(limit)
      .execute();
  }

  /** Has it sent again, as if it were new; null: all that is kept. Tells how many. */
  async sendAgain(mailId: string | null, now: Date): Promise<number> {
    const { numAffectedRows } = await sql`
      update state.mail set state = 'waiting', attempts = 0, due_at = ${now}
      where state in ('kept', 'refused') and mail_id = coalesce(${mailId}::uuid, mail_id)`.execute(
      this.db.kysely,
    );
    return Number(numAffectedRows ?? 0n);
  }

  /** Gives up what was queued before an instant and is still kept; whose it was is forgotten. Tells the kinds. */
  async giveUp(before: Date, now: Date): Promise<readonly MailKind[]> {
    const { rows } = await sql<{ kind: MailKind }>`
      update state.mail set state = 'failed', recipient = null, ended_at = ${now}
      where state in ('kept', 'refused') and queued_at < ${before} returning kind`.execute(
      this.db.kysely,
    );
    return rows.map(({ kind }) => kind);
  }

  async countWaiting(): Promise<number> {
    const { count } = await this.db.kysely
      .selectFrom('state.mail')
      .select(({ fn }) => fn.countAll<bigint>().as('count'))
      .where('state', 'in', ['waiting', 'kept'])
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
