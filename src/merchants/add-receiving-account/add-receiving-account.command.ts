import { Command } from '@nestjs/cqrs';
import type { ActContext } from '../../access/acts/security-acts.port.js';

export interface AddedReceivingAccount {
  readonly receivingAccountId: string;
  /** False when the same account was there already. */
  readonly created: boolean;
  /** `check_digits_differ`: probably a typing mistake; the account is taken nevertheless. */
  readonly warnings: readonly 'check_digits_differ'[];
}

/**
 * Gives a merchant an account to receive on; the same command again changes nothing.
 * Refused with `unknown_merchant`, `account_number_invalid`, `account_of_another_bank`, `credential_unknown`,
 * `credential_of_another_bank`, `receiving_account_taken` or `pago_movil_account_taken`.
 */
export class AddReceivingAccount extends Command<AddedReceivingAccount> {
  constructor(
    readonly fields: {
      /** Null: a fresh id is made. */
      readonly receivingAccountId: string | null;
      readonly merchantId: string;
      /** The bank's 4 digits. */
      readonly bank: string;
      /** 20 digits; blanks and dashes are ignored. */
      readonly accountNumber: string;
      /** The credential that may ask the bank about this account. */
      readonly credentialId: string;
      /** Null or left out: it does when no other account of the credential does. */
      readonly receivesPagoMovil?: boolean | null;
      readonly addedBy: string;
    },
    /** Left out where no request leads to it. */
    readonly acting: ActContext | null = null,
  ) {
    super();
  }
}
