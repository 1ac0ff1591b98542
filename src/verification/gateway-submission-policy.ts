import { Injectable } from '@nestjs/common';
import { BankGateway } from '../bank-gateway/bank-gateway.port.js';
import type { PaymentKind } from '../matching/payment-claim.js';
import {
  SubmissionPolicy,
  type BankTerms,
} from '../transactions/submit-transaction/submission-policy.port.js';
import { visibleBy, type VisibilityRules } from './domain/visibility.js';
import { VerificationConfig } from './verification.config.js';

/** What a claim needs before it is taken, as the bank's own capabilities say. */
@Injectable()
export class GatewaySubmissionPolicy extends SubmissionPolicy {
  private readonly rules: VisibilityRules;

  constructor(
    private readonly gateway: BankGateway,
    config: VerificationConfig,
  ) {
    super();
    this.rules = {
      withinMs: config.visibleWithinSeconds * 1_000,
      deferredMs: config.deferredBankingHours * 3_600_000,
      holidays: new Set(config.bankHolidays),
    };
  }

  terms(bank: string, kind: PaymentKind): BankTerms | null {
    if (!this.gateway.serves(bank)) return null;
    const { leastReferenceDigits, payerFields } = this.gateway.capabilities(bank);
    return {
      leastReferenceDigits,
      payerFields: payerFields[kind],
      visibleBy: (originBank, from) => visibleBy({ kind, originBank, bank }, from, this.rules),
    };
  }

  testCredential(bank: string): string | null {
    const beside = this.gateway
      .credentials()
      .find((credential) => credential.bank === bank && credential.besideLive === true);
    return beside?.credentialId ?? null;
  }
}
