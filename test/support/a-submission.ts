import type { CallerIdentity } from '../../src/access/caller.decorator.js';
import type { LocalDate } from '../../src/kernel/local-date.js';
import type { Currency } from '../../src/kernel/money.js';
import {
  MerchantDirectory,
  type Merchant,
  type ReceivingAccount,
} from '../../src/merchants/merchant-directory.port.js';
import type { CommandContext } from '../../src/platform/event-store/command-runner.js';
import {
  SubmissionPolicy,
  type BankTerms,
} from '../../src/transactions/submit-transaction/submission-policy.port.js';
import type { Submission } from '../../src/transactions/submit-transaction/submit-transaction.command.js';
import { anId } from './a-transaction.js';

/** A claim by Pago Móvil from the merchant that the directory below knows. */
export const aSubmission = (over: Partial<Submission> = {}): Submission => ({
  merchantId: anId('merchant'),
  mode: 'live',
  externalId: 'order-1',
  kind: 'pago_movil',
  type: 'payment',
  receivingAccountId: anId('account'),
  originBank: '0134',
  reference: '000683473078',
  amountMinor: 12_000,
  currency: 'VES' as Currency,
  paidOn: '2026-03-10' as LocalDate,
  payer: {
    phone: '+584121234567',
    document: 'V12345678',
    name: 'Ana',
    concept: null,
    metadata: null,
  },
  distinctFrom: null,
  ...over,
});

export const aContext: CommandContext = {
  actor: 'api_key:1',
  requestId: 'request-1',
  correlationId: 'request-1',
  causationId: 'request-1',
  traceId: null,
};

export const aCaller = (over: Partial<CallerIdentity> = {}): CallerIdentity => ({
  actor: 'api_key:1',
  merchantId: anId('merchant'),
  mode: 'live',
  permissions: new Set(['transactions:write', 'transactions:read']),
  ...over,
});

/** One merchant with one account, and another merchant with another. */
export class KnownMerchants extends MerchantDirectory {
  readonly merchants = new Map<string, Merchant>();
  readonly accounts = new Map<string, ReceivingAccount>();

  constructor() {
    super();
    this.add(anId('merchant'), anId('account'));
    this.add(anId('another merchant'), anId('another account'));
  }

  private add(merchantId: string, receivingAccountId: string): void {
    this.merchants.set(merchantId, {
      merchantId,
      name: 'a merchant',
      suspended: false,
      toleranceUnderMinor: 0n,
      toleranceOverMinor: 0n,
      matchDays: 30,
    });
    this.accounts.set(receivingAccountId, {
      receivingAccountId,
      merchantId,
      bank: '0134',
      accountNumber: '01340000000000000000',
      credentialId: 'banesco',
      receivesPagoMovil: true,
    });
  }

  merchant(merchantId: string): Promise<Merchant | null> {
    return Promise.resolve(this.merchants.get(merchantId) ?? null);
  }

  receivingAccount(receivingAccountId: string): Promise<ReceivingAccount | null> {
    return Promise.resolve(this.accounts.get(receivingAccountId) ?? null);
  }
}

/** The terms of one bank; every other is not served. */
export class KnownTerms extends SubmissionPolicy {
  constructor(private readonly known: BankTerms) {
    super();
  }

  terms(bank: string): BankTerms | null {
    return bank === '0134' ? this.known : null;
  }

  testCredential(): null {
    return null;
  }
}
