import { Injectable } from '@nestjs/common';
import { DatabaseConnection } from '../platform/database/database.js';
import type {
  MerchantRow,
  NewMerchantRow,
  NewReceivingAccountRow,
  ReceivingAccountRow,
} from './merchant.table.js';

/** What became of a row to add: it is new, or one with the same key stands there already. */
export type Added<Row> =
  { readonly created: true } | { readonly created: false; readonly existing: Row };

// SQLSTATE of a row that names a parent that is not there.
const FOREIGN_KEY_VIOLATION = '23503';

@Injectable()
export class MerchantStore {
  constructor(private readonly db: DatabaseConnection) {}

  async findMerchant(merchantId: string): Promise<MerchantRow | null> {
    const row = await this.db.kysely
      .selectFrom('state.merchant')
      .selectAll()
      .where('merchant_id', '=', merchantId)
      .executeTakeFirst();
    return row ?? null;
  }

  async findAccount(receivingAccountId: string): Promise<ReceivingAccountRow | null> {
    const row = await this.db.kysely
      .selectFrom('state.receiving_account')
      .selectAll()
      .where('receiving_account_id', '=', receivingAccountId)
      .executeTakeFirst();
    return row ?? null;
  }

  /** Adds a merchant, or finds the one that has its id. */
  async addMerchant(merchant: NewMerchantRow): Promise<Added<MerchantRow>> {
    const inserted = await this.db.kysely
      .insertInto('state.merchant')
      .values(merchant)
      .onConflict((conflict) => conflict.column('merchant_id').doNothing())
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows === 1n) return { created: true };
    const existing = await this.db.kysely
      .selectFrom('state.merchant')
      .selectAll()
      .where('merchant_id', '=', merchant.merchant_id)
      .executeTakeFirstOrThrow();
    return { created: false, existing };
  }

  /** Adds an account, or finds the one that has its id or its number; null when the merchant does not exist. */
  async addAccount(account: NewReceivingAccountRow): Promise<Added<ReceivingAccountRow> | null> {
    try {
      const inserted = await this.db.kysely
        .insertInto('state.receiving_account')
        .values(account)
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (inserted.numInsertedOrUpdatedRows === 1n) return { created: true };
    } catch (error) {
      if ((error as { code?: unknown }).code === FOREIGN_KEY_VIOLATION) return null;
      throw error;
    }
    const existing = await this.db.kysely
      .selectFrom('state.receiving_account')
      .selectAll()
      .where((or) =>
        or.or([
          or('receiving_account_id', '=', account.receiving_account_id),
          or('account_number', '=', account.account_number),
        ]),
      )
      .executeTakeFirstOrThrow();
    return { created: false, existing };
  }
}
