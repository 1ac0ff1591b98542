import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { DatabaseConnection, type DatabaseTransaction } from '../../platform/database/database.js';
import type { NewUserRow, UserChange, UserRow } from './user.table.js';

@Injectable()
export class UserStore {
  constructor(private readonly db: DatabaseConnection) {}

  /** What belongs together, such as a change and the act that tells of it. */
  inTransaction<T>(work: (tx: DatabaseTransaction) => Promise<T>): Promise<T> {
    return this.db.kysely.transaction().execute(work);
  }

  async find(userId: string): Promise<UserRow | null> {
    const row = await this.db.kysely
      .selectFrom('state.app_user')
      .selectAll()
      .where('user_id', '=', userId)
      .executeTakeFirst();
    return row ?? null;
  }

  async findByEmail(email: string): Promise<UserRow | null> {
    const row = await this.db.kysely
      .selectFrom('state.app_user')
      .selectAll()
      .where('email', '=', email)
      .executeTakeFirst();
    return row ?? null;
  }

  /** A user, held until the transaction ends, so that two changes take turns. */
  async hold(tx: DatabaseTransaction, userId: string): Promise<UserRow | null> {
    const row = await tx
      .selectFrom('state.app_user')
      .selectAll()
      .where('user_id', '=', userId)
      .forUpdate()
      .executeTakeFirst();
    return row ?? null;
  }

  /** Users by id, those after another one. */
  list(after: string | null, limit: number): Promise<UserRow[]> {
    const all = this.db.kysely.selectFrom('state.app_user').selectAll();
    const rest = after === null ? all : all.where('user_id', '>', after);
    return rest.orderBy('user_id').limit(limit).execute();
  }

  /** Adds a user; false when the address is taken. */
  async add(tx: DatabaseTransaction, user: NewUserRow): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('state.app_user')
      .values(user)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }

  change(tx: DatabaseTransaction, userId: string, change: UserChange): Promise<UserRow> {
    return tx
      .updateTable('state.app_user')
      .set(change)
      .where('user_id', '=', userId)
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  async merchantExists(tx: DatabaseTransaction, merchantId: string): Promise<boolean> {
    const { rows } = await sql`
      select from state.merchant where merchant_id = ${merchantId}`.execute(tx);
    return rows.length > 0;
  }
}
