import { Injectable } from '@nestjs/common';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import { CredentialDirectory } from '../credential-directory.port.js';
import { begun, freeSince, type PagoMovilDays } from '../domain/pago-movil-days.js';
import { receivesPagoMovil } from '../domain/receiving-account.decisions.js';
import { daysOf, MerchantStore } from '../merchant.store.js';
import { MerchantsConfig } from '../merchants.config.js';
import type { AddReceivingAccount } from './add-receiving-account.command.js';

/** The accounts there are, and which of those of an affiliate receives its Pago Móvil. */
@Injectable()
export class PagoMovilAccounts {
  constructor(
    readonly store: MerchantStore,
    private readonly config: MerchantsConfig,
    readonly credentials: CredentialDirectory,
  ) {}

  /** Whether this installation lets accounts of one affiliate share it. */
  get isShared(): boolean {
    return this.config.sharedPagoMovil;
  }

  /**
   * Whether a new account does, and since which day.
   * @throws RuleViolation `credential_unknown`, `credential_of_another_bank`, `pago_movil_account_taken`
   */
  async decide(
    tx: DatabaseTransaction,
    accountNumber: string,
    { bank, credentialId, receivesPagoMovil: asked = null }: AddReceivingAccount['fields'],
  ): Promise<{ readonly receives: boolean; readonly days: readonly PagoMovilDays[] }> {
    const credential = await this.credentials.hold(tx, credentialId);
    if (credential === null) throw new RuleViolation(reject('credential_unknown'));
    if (credential.bank !== bank) throw new RuleViolation(reject('credential_of_another_bank'));
    await this.store.holdPagoMovil(tx, credential);
    const accounts = await this.store.holdAccounts(tx, credential.alike);
    const others = accounts.filter(({ account_number: number }) => number !== accountNumber);
    const isTaken = others.some(({ receives_pago_movil: receives }) => receives);
    const { isShared } = this;
    const decided = receivesPagoMovil({ asked, isTaken, isShared });
    if (typeof decided !== 'boolean') throw new RuleViolation(decided);
    // Payments of days on which another account received them are not its own.
    const since = isShared ? null : freeSince(others.flatMap(daysOf));
    return { receives: decided, days: decided && since !== null ? begun([], since) : [] };
  }
}
