import type { BankGateway } from './bank-gateway/bank-gateway.port.js';
import type { PaymentKind } from './matching/payment-claim.js';
import {
  SubmissionPolicy,
  type BankTerms,
} from './transactions/submit-transaction/submission-policy.port.js';

/** Answers new claims from what the gateway knows of the banks; part of the composition, which alone may see both. */
export class GatewaySubmissionPolicy extends SubmissionPolicy {
  constructor(
    private readonly gateway: BankGateway,
    private readonly visibleWithinMs: number,
  ) {
    super();
  }

  terms(bank: string, kind: PaymentKind): BankTerms | null {
    if (!this.gateway.serves(bank)) return null;
    const { leastReferenceDigits, lookUpKinds } = this.gateway.capabilities(bank);
    // Every bank looks a Pago Móvil up by the payer's phone (bank-verification.md, 1.3 and 2).
    const byPhone = kind === 'pago_movil' && lookUpKinds.includes(kind);
    return {
      leastReferenceDigits,
      payerFields: byPhone ? ['phone'] : [],
      visibleWithinMs: this.visibleWithinMs,
    };
  }
}
