import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { DatabaseConnection } from '../../platform/database/database.js';

// So many in one statement, that no lock is held for long.
const AT_ONCE = 1_000;

/** Ends what was kept long enough. Each call is bounded; Postgres's clock decides. */
@Injectable()
export class WebhookRetention {
  constructor(private readonly db: DatabaseConnection) {}

  /** Gives up what waited so many days for an endpoint that takes nothing. Tells how many, at most a thousand. */
  async giveUpPaused(days: number): Promise<number> {
    return this.affected(sql`
      update state.webhook_delivery set status = 'given_up', ended_at = clock_timestamp(),
        lease = null, leased_until = null
      where delivery_id in (
        select d.delivery_id from state.webhook_delivery d join state.webhook_endpoint e using (endpoint_id)
        where d.status = 'pending' and e.state <> 'enabled'
          and greatest(d.created_at, d.due_at) < clock_timestamp() - make_interval(days => ${days})
        limit ${AT_ONCE} for update of d skip locked)`);
  }

  /** Deletes deliveries, with their tries, that ended and are older than so many days. */
  async deleteEnded(days: number): Promise<number> {
    return this.affected(sql`
      delete from state.webhook_delivery where delivery_id in (
        select delivery_id from state.webhook_delivery
        where status <> 'pending' and created_at < clock_timestamp() - make_interval(days => ${days})
        limit ${AT_ONCE} for update skip locked)`);
  }

  /** Deletes messages that nobody is to be sent any more. */
  async deleteMessages(days: number): Promise<number> {
    return this.affected(sql`
      delete from state.webhook_message where message_id in (
        select m.message_id from state.webhook_message m
        where m.told_at < clock_timestamp() - make_interval(days => ${days}) and not exists (
          select from state.webhook_delivery d where d.message_id = m.message_id)
        limit ${AT_ONCE} for update skip locked)`);
  }

  private async affected(statement: ReturnType<typeof sql>): Promise<number> {
    const { numAffectedRows = 0n } = await statement.execute(this.db.kysely);
    return Number(numAffectedRows);
  }
}
