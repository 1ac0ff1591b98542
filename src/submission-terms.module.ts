import { Global, Injectable, Module } from '@nestjs/common';
import { BankGatewayModule } from './bank-gateway/bank-gateway.module.js';
import { BankGateway } from './bank-gateway/bank-gateway.port.js';
import type { PaymentKind } from './matching/payment-claim.js';
import {
  SubmissionPolicy,
  type BankTerms,
} from './transactions/submit-transaction/submission-policy.port.js';
import { VerificationConfig } from './verification/verification.config.js';

/** What a claim must hold, as the bank that will be asked about it wants it. */
@Injectable()
class GatewaySubmissionPolicy extends SubmissionPolicy {
  constructor(
    private readonly gateway: BankGateway,
    private readonly verification: VerificationConfig,
  ) {
    super();
  }

  terms(bank: string, kind: PaymentKind): BankTerms | null {
    if (!this.gateway.serves(bank)) return null;
    const { leastReferenceDigits, payerFields } = this.gateway.capabilities(bank);
    return {
      leastReferenceDigits,
      payerFields: payerFields[kind] ?? [],
      visibleWithinMs: this.verification.visibleWithinSeconds * 1_000,
    };
  }
}

/** Joins two contexts that do not know each other; part of the composition root. */
@Global()
@Module({
  imports: [BankGatewayModule],
  providers: [{ provide: SubmissionPolicy, useClass: GatewaySubmissionPolicy }],
  exports: [SubmissionPolicy],
})
export class SubmissionTermsModule {}
