import type { ColumnType, Insertable, Selectable, Updateable } from 'kysely';
import type { PagoMovilDays } from './domain/pago-movil-days.js';

/** Merchants, whose backends submit claims. */
export interface MerchantTable {
  readonly merchant_id: string;
  readonly name: string;
  readonly suspended: ColumnType<boolean, never, boolean>;
  readonly tolerance_under_minor: bigint;
  readonly tolerance_over_minor: bigint;
  readonly match_days: number;
  /** Who is told of claims that need somebody; null: nobody. */
  readonly contact_email: ColumnType<string | null, string | null | undefined, string | null>;
  /** Grows with each change. */
  readonly version: ColumnType<number, never, number>;
  readonly registered_by: string;
  readonly registered_at: Date;
}

/** Merchants' accounts at banks. One account has one owner and one credential that may ask about it. */
export interface ReceivingAccountTable {
  readonly receiving_account_id: string;
  readonly merchant_id: string;
  readonly bank: string;
  readonly account_number: string;
  readonly credential_id: ColumnType<string, string, string>;
  /** Whether it receives Pago Móvil until further notice; of the accounts of one affiliate one does. */
  readonly receives_pago_movil: ColumnType<boolean, boolean | undefined, boolean>;
  /** On which days it does and did; empty: since ever, or never. */
  readonly pago_movil_days: ColumnType<readonly PagoMovilDays[], string | undefined, string>;
  /** Grows with each change. */
  readonly version: ColumnType<number, never, number>;
  readonly added_by: string;
  readonly added_at: Date;
}

export type MerchantRow = Selectable<MerchantTable>;
export type NewMerchantRow = Insertable<MerchantTable>;
export type MerchantChange = Updateable<MerchantTable>;
export type ReceivingAccountRow = Selectable<ReceivingAccountTable>;
export type ReceivingAccountChange = Updateable<ReceivingAccountTable>;
export type NewReceivingAccountRow = Insertable<ReceivingAccountTable>;

declare module '../platform/database/database.js' {
  interface Database {
    'state.merchant': MerchantTable;
    'state.receiving_account': ReceivingAccountTable;
  }
}
