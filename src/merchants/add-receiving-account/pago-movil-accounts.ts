import { Injectable } from '@nestjs/common';
import { RuleViolation } from '../../kernel/rejection.js';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import { receivesPagoMovil } from '../domain/receiving-account.decisions.js';
import { MerchantStore } from '../merchant.store.js';
import { MerchantsConfig } from '../merchants.config.js';
import type { AddReceivingAccount } from './add-receiving-account.command.js';

/** The accounts there are, and which of those of a credential receives its Pago Móvil. */
@Injectable()
export class PagoMovilAccounts {
  constructor(
    readonly store: MerchantStore,
    private readonly config: MerchantsConfig,
  ) {}

  /** @throws RuleViolation `pago_movil_account_taken` */
  async decide(
    tx: DatabaseTransaction,
    accountNumber: string,
    { credentialId, receivesPagoMovil: asked = null }: AddReceivingAccount['fields'],
  ): Promise<boolean> {
    const isTaken = await this.store.hasOtherPagoMovilAccount(tx, credentialId, accountNumber);
    const isShared = this.config.sharedPagoMovil;
    const decided = receivesPagoMovil({ asked, isTaken, isShared });
    if (typeof decided !== 'boolean') throw new RuleViolation(decided);
    return decided;
  }
}
