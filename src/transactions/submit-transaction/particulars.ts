import type { Merchant, ReceivingAccount } from '../../merchants/merchant-directory.port.js';
import type { SealedPayer } from '../events/transaction-submitted.event.js';
import type { BankTerms } from './submission-policy.port.js';

/** What is true of the claim's surroundings when it comes. */
export interface Particulars {
  readonly merchant: Merchant;
  readonly account: ReceivingAccount;
  /** Under which the bank is asked: the account's, or a sandbox's for a test key. */
  readonly credentialId: string;
  readonly terms: BankTerms;
  readonly payer: SealedPayer;
  readonly now: Date;
}
