import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { ProblemCatalog } from '../platform/http/problem-catalog.js';
import { AccountCensus } from './account-census.port.js';
import { AddReceivingAccountHandler } from './add-receiving-account/add-receiving-account.command-handler.js';
import { PagoMovilAccounts } from './add-receiving-account/pago-movil-accounts.js';
import { ChangeMerchantHandler } from './change-merchant/change-merchant.command-handler.js';
import { ChangeReceivingAccountHandler } from './change-receiving-account/change-receiving-account.command-handler.js';
import { MerchantDirectory } from './merchant-directory.port.js';
import { MerchantSuspensions } from './merchant-suspensions.port.js';
import { merchantProblems } from './merchant.rejections.js';
import { MerchantStore } from './merchant.store.js';
import { MerchantsController } from './merchants.controller.js';
import { ReceivingAccountsController } from './receiving-accounts.controller.js';
import { RegisterMerchantHandler } from './register-merchant/register-merchant.command-handler.js';
import { StoredMerchantDirectory } from './stored-merchant-directory.js';

/** Who is paid, and where. The composition root must provide `CredentialDirectory` to everyone. */
@Module({
  imports: [AccessModule],
  controllers: [MerchantsController, ReceivingAccountsController],
  providers: [
    MerchantStore,
    RegisterMerchantHandler,
    ChangeMerchantHandler,
    AddReceivingAccountHandler,
    ChangeReceivingAccountHandler,
    PagoMovilAccounts,
    { provide: MerchantDirectory, useClass: StoredMerchantDirectory },
    {
      provide: AccountCensus,
      inject: [MerchantStore],
      useFactory: (store: MerchantStore): AccountCensus => ({
        under: (tx, credentialId) => store.accountsUnder(tx, credentialId),
      }),
    },
    {
      provide: MerchantSuspensions,
      inject: [MerchantStore],
      useFactory: (store: MerchantStore): MerchantSuspensions => ({
        among: async (ids) => {
          const active = await store.active(ids);
          return new Set(ids.filter((id) => !active.has(id)));
        },
      }),
    },
  ],
  exports: [MerchantDirectory, MerchantSuspensions, AccountCensus],
})
export class MerchantsModule {
  constructor(problems: ProblemCatalog) {
    // At once: the document of the API is written without starting anything.
    problems.register(merchantProblems);
  }
}
