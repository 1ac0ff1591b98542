/** One version of a credential's secrets; those of a retired one are gone. */
interface BankCredentialTable {
  credential_id: string;
  version: number;
  box: Buffer | null;
  tested_at: Date;
  stored_at: Date;
  retired_at: Date | null;
}

declare module '../../platform/database/database.js' {
  interface Database {
    'state.bank_credential': BankCredentialTable;
  }
}
