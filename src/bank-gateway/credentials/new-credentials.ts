import { reject, RuleViolation } from '../../kernel/rejection.js';
import type { BankRegistry } from '../bank-registry.js';
import type { BankSetup } from '../bank-setup.js';
import type { CredentialParticulars } from '../created-credential.js';

/** What an admin asks for, however it was sent. */
export interface AskedCredential {
  readonly id: string;
  readonly bank: string;
  readonly affiliate: string;
  readonly receiving_phone?: string | undefined;
  readonly calls_allowed?: number | undefined;
  readonly window_seconds?: number | undefined;
}

/** Makes of what an admin asks for the line that it would be. */
export class NewCredentials {
  constructor(private readonly registry: BankRegistry) {}

  /** @throws RuleViolation  `bank_not_configured`, `affiliate_of_sandbox` */
  of(asked: AskedCredential): {
    readonly particulars: CredentialParticulars;
    readonly setup: BankSetup;
  } {
    const { window_seconds: windowSeconds } = asked;
    const particulars: CredentialParticulars = {
      credentialId: asked.id,
      bank: asked.bank,
      affiliate: asked.affiliate,
      calls: asked.calls_allowed ?? null,
      windowMs: windowSeconds === undefined ? null : windowSeconds * 1_000,
      receivingPhone: asked.receiving_phone ?? null,
    };
    const setup = this.registry.make(particulars);
    if (setup === null) throw new RuleViolation(reject('bank_not_configured'));
    const isOfSandbox = this.registry.configured.some(
      ({ credential: { bank, affiliate, besideLive = false } }) =>
        besideLive && bank === asked.bank && affiliate === asked.affiliate,
    );
    if (isOfSandbox) throw new RuleViolation(reject('affiliate_of_sandbox'));
    return { particulars, setup };
  }
}
