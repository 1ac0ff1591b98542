import { Injectable } from '@nestjs/common';
import { BankGateway } from '../bank-gateway/bank-gateway.port.js';
import type { PaymentKind } from '../matching/payment-claim.js';
import {
  SubmissionPolicy,
  type BankTerms,
} from '../transactions/submit-transaction/submission-policy.port.js';
import { VerificationConfig } from './verification.config.js';

/** What a claim needs before it is taken, as the bank's own capabilities say. */
@Injectable()
export class GatewaySubmissionPolicy extends SubmissionPolicy {
  constructor(
    private readonly gateway: BankGateway,
    private readonly config: VerificationConfig,
  ) {
    super();
  }

  terms(bank: string, kind: PaymentKind): BankTerms | null {
    if (!this.gateway.serves(bank)) return null;
    const { leastReferenceDigits, payerFields } = this.gateway.capabilities(bank);
    return {
      leastReferenceDigits,
      payerFields: payerFields[kind],
      visibleWithinMs: this.config.visibleWithinSeconds * 1_000,
    };
  }
}
