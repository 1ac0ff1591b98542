import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { DatabaseConfig } from '../platform/config/config.schema.js';
import { FreshLookup } from '../platform/memory/fresh-lookup.js';
import { Metrics } from '../platform/metrics/metrics.js';
import {
  MerchantDirectory,
  type Merchant,
  type ReceivingAccount,
} from './merchant-directory.port.js';
import { MerchantStore } from './merchant.store.js';

/** The directory over Postgres, answered from memory for at most a second, longer only while Postgres is away. */
@Injectable()
export class StoredMerchantDirectory extends MerchantDirectory {
  private readonly merchants: FreshLookup<Merchant | null>;
  private readonly accounts: FreshLookup<ReceivingAccount | null>;

  constructor(
    private readonly store: MerchantStore,
    clock: Clock,
    metrics: Metrics,
    { outageBridgeMs: bridgeOutageMs }: DatabaseConfig,
  ) {
    super();
    this.merchants = new FreshLookup(
      { name: 'merchant', load: (id) => this.loadMerchant(id), bridgeOutageMs },
      clock,
      metrics,
    );
    this.accounts = new FreshLookup(
      { name: 'receiving_account', load: (id) => this.loadAccount(id), bridgeOutageMs },
      clock,
      metrics,
    );
  }

  merchant(merchantId: string): Promise<Merchant | null> {
    return this.merchants.get(merchantId);
  }

  receivingAccount(receivingAccountId: string): Promise<ReceivingAccount | null> {
    return this.accounts.get(receivingAccountId);
  }

  private async loadMerchant(merchantId: string): Promise<Merchant | null> {
    const row = await this.store.findMerchant(merchantId);
    return row === null
      ? null
      : {
          merchantId: row.merchant_id,
          name: row.name,
          suspended: row.suspended,
          toleranceUnderMinor: row.tolerance_under_minor,
          toleranceOverMinor: row.tolerance_over_minor,
          matchDays: row.match_days,
        };
  }

  private async loadAccount(receivingAccountId: string): Promise<ReceivingAccount | null> {
    const row = await this.store.findAccount(receivingAccountId);
    return row === null
      ? null
      : {
          receivingAccountId: row.receiving_account_id,
          merchantId: row.merchant_id,
          bank: row.bank,
          accountNumber: row.account_number,
          credentialId: row.credential_id,
          receivesPagoMovil: row.receives_pago_movil,
          ...(row.pago_movil_days.length === 0 ? {} : { pagoMovilDays: row.pago_movil_days }),
        };
  }
}
