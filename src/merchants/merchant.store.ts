import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { DatabaseConnection, type DatabaseTransaction } from '../platform/database/database.js';
import type { AccountCredential } from './credential-directory.port.js';
import { EVER, type PagoMovilDays } from './domain/pago-movil-days.js';
import type {
  MerchantChange,
  MerchantRow,
  NewMerchantRow,
  NewReceivingAccountRow,
  ReceivingAccountChange,
  ReceivingAccountRow,
} from './merchant.table.js';

/** What became of a row to add: it is new, or one with the same key stands there already. */
export type Added<Row> =
  { readonly created: true } | { readonly created: false; readonly existing: Row };

@Injectable()
export class MerchantStore {
  constructor(private readonly db: DatabaseConnection) {}

  /** What belongs together, such as a change and the act that tells of it. */
  inTransaction<T>(work: (tx: DatabaseTransaction) => Promise<T>): Promise<T> {
    return this.db.kysely.transaction().execute(work);
  }

  async findMerchant(merchantId: string): Promise<MerchantRow | null> {
    const row = await this.db.kysely
      .selectFrom('state.merchant')
      .selectAll()
      .where('merchant_id', '=', merchantId)
      .executeTakeFirst();
    return row ?? null;
  }

  /** Of these merchants, those that are there and not suspended. */
  async active(merchantIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (merchantIds.length === 0) return new Set();
    const rows = await this.db.kysely
      .selectFrom('state.merchant')
      .select('merchant_id')
      .where('merchant_id', '=', sql<string>`any(${[...merchantIds]}::uuid[])`)
      .where('suspended', '=', false)
      .execute();
    return new Set(rows.map(({ merchant_id }) => merchant_id));
  }

  async findAccount(receivingAccountId: string): Promise<ReceivingAccountRow | null> {
    const row = await this.db.kysely
      .selectFrom('state.receiving_account')
      .selectAll()
      .where('receiving_account_id', '=', receivingAccountId)
      .executeTakeFirst();
    return row ?? null;
  }

  /** A merchant, held until the transaction ends, so that two changes take turns. */
  async holdMerchant(tx: DatabaseTransaction, merchantId: string): Promise<MerchantRow | null> {
    const row = await tx
      .selectFrom('state.merchant')
      .selectAll()
      .where('merchant_id', '=', merchantId)
      .forUpdate()
      .executeTakeFirst();
    return row ?? null;
  }

  changeMerchant(
    tx: DatabaseTransaction,
    merchantId: string,
    change: MerchantChange,
  ): Promise<MerchantRow> {
    return tx
      .updateTable('state.merchant')
      .set(change)
      .where('merchant_id', '=', merchantId)
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  /** Merchants by id, those after another one. */
  listMerchants(after: string | null, limit: number): Promise<MerchantRow[]> {
    const all = this.db.kysely.selectFrom('state.merchant').selectAll();
    const rest = after === null ? all : all.where('merchant_id', '>', after);
    return rest.orderBy('merchant_id').limit(limit).execute();
  }

  /** Every account of a merchant; a merchant has a handful, and the bound is there for programs. */
  listAccounts(merchantId: string): Promise<ReceivingAccountRow[]> {
    return this.db.kysely
      .selectFrom('state.receiving_account')
      .selectAll()
      .where('merchant_id', '=', merchantId)
      .orderBy('added_at')
      .orderBy('receiving_account_id')
      .limit(500)
      .execute();
  }

  /** Adds a merchant, or finds the one that has its id. */
  async addMerchant(
    tx: DatabaseTransaction,
    merchant: NewMerchantRow,
  ): Promise<Added<MerchantRow>> {
    const inserted = await tx
      .insertInto('state.merchant')
      .values(merchant)
      .onConflict((conflict) => conflict.column('merchant_id').doNothing())
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows === 1n) return { created: true };
    const existing = await tx
      .selectFrom('state.merchant')
      .selectAll()
      .where('merchant_id', '=', merchant.merchant_id)
      .executeTakeFirstOrThrow();
    return { created: false, existing };
  }

  /** Nobody else decides which account of the affiliate receives Pago Móvil until the transaction ends. */
  async holdPagoMovil(
    tx: DatabaseTransaction,
    { bank, affiliate }: Pick<AccountCredential, 'bank' | 'affiliate'>,
  ): Promise<void> {
    const lock = `pago movil of ${bank} ${affiliate}`;
    await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(tx);
  }

  /** Every account under the credentials, held until the transaction ends. */
  holdAccounts(
    tx: DatabaseTransaction,
    credentialIds: readonly string[],
  ): Promise<ReceivingAccountRow[]> {
    return tx
      .selectFrom('state.receiving_account')
      .selectAll()
      .where('credential_id', '=', sql<string>`any(${[...credentialIds]}::text[])`)
      .orderBy('receiving_account_id')
      .forUpdate()
      .execute();
  }

  async changeAccount(
    tx: DatabaseTransaction,
    receivingAccountId: string,
    change: ReceivingAccountChange,
  ): Promise<void> {
    await tx
      .updateTable('state.receiving_account')
      .set(change)
      .where('receiving_account_id', '=', receivingAccountId)
      .execute();
  }

  accountOf(tx: DatabaseTransaction, receivingAccountId: string): Promise<ReceivingAccountRow> {
    return tx
      .selectFrom('state.receiving_account')
      .selectAll()
      .where('receiving_account_id', '=', receivingAccountId)
      .executeTakeFirstOrThrow();
  }

  /** How many accounts name a credential. */
  async accountsUnder(tx: DatabaseTransaction, credentialId: string): Promise<number> {
    const { rows } = await sql<{ there: number }>`
      select count(*)::int as there from state.receiving_account
      where credential_id = ${credentialId}`.execute(tx);
    return rows[0]?.there ?? 0;
  }

  /** Adds an account, or finds the one that has its id or its number. */
  async addAccount(
    tx: DatabaseTransaction,
    account: NewReceivingAccountRow,
  ): Promise<Added<ReceivingAccountRow>> {
    const inserted = await tx
      .insertInto('state.receiving_account')
      .values(account)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows === 1n) return { created: true };
    const existing = await tx
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

/** On which days an account receives Pago Móvil; most have done so since ever, or never. */
export function daysOf({
  receives_pago_movil: receives,
  pago_movil_days: days,
}: Pick<ReceivingAccountRow, 'receives_pago_movil' | 'pago_movil_days'>): readonly PagoMovilDays[] {
  if (days.length > 0) return days;
  return receives ? [EVER] : [];
}
