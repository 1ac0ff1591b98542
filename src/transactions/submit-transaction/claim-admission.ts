import { Injectable } from '@nestjs/common';
import { assert } from '../../kernel/assert.js';
import { Clock } from '../../kernel/clock.js';
import { RuleViolation } from '../../kernel/rejection.js';
import { MerchantDirectory, receivedPagoMovilOn } from '../../merchants/merchant-directory.port.js';
import { PersonalDataVault, type PayerData } from '../../platform/personal-data/personal-data.js';
import { refuseAdmission } from '../domain/admission.decisions.js';
import type { SubmittedTransaction } from '../domain/transaction.js';
import { NO_PAYER_DATA, sealedPayer, tellsNothing } from './claim-of.js';
import type { Particulars } from './particulars.js';
import { SubmissionPolicy } from './submission-policy.port.js';
import type { Submission } from './submit-transaction.command.js';

/** Gathers what a claim needs beside its own words, all of it from memory. */
@Injectable()
export class ClaimAdmission {
  constructor(
    private readonly merchants: MerchantDirectory,
    private readonly policy: SubmissionPolicy,
    private readonly vault: PersonalDataVault,
    private readonly clock: Clock,
  ) {}

  /** @throws RuleViolation when no bank could ever be asked about such a claim */
  async admit(submission: Submission): Promise<Particulars> {
    const { merchantId, receivingAccountId, kind, mode, payer } = submission;
    const [merchant, account] = await Promise.all([
      this.merchants.merchant(merchantId),
      this.merchants.receivingAccount(receivingAccountId),
    ]);
    const terms = account === null ? null : this.policy.terms(account.bank, kind);
    const known = account && {
      merchantId: account.merchantId,
      receivesPagoMovil: receivedPagoMovilOn(account, submission.paidOn),
    };
    const refusal = refuseAdmission({ ...submission, merchant, account: known, terms });
    if (refusal !== null) throw new RuleViolation(refusal);
    assert(merchant !== null && account !== null && terms !== null, 'an admitted claim has these');
    const sealed = tellsNothing(payer) ? null : await this.vault.seal(payer);
    const beside = mode === 'test' ? this.policy.testCredential(account.bank) : null;
    return {
      merchant,
      account,
      credentialId: beside ?? account.credentialId,
      terms,
      payer: sealedPayer(payer, sealed),
      now: this.clock.now(),
    };
  }

  /** Everything that was told of a payer; null when it was erased. */
  async payerData({ claim }: SubmittedTransaction): Promise<PayerData | null> {
    const { sealed } = claim.payer;
    return sealed === null ? NO_PAYER_DATA : this.vault.open(sealed);
  }
}
