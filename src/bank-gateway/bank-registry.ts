import type { BankSetup } from './bank-setup.js';
import { BanescoAdapter } from './banks/banesco/banesco.adapter.js';
import { type BanescoConfig, banescoSetup } from './banks/banesco/banesco.config.js';
import { VenezuelaAdapter } from './banks/venezuela/venezuela.adapter.js';
import { type VenezuelaConfig, venezuelaSetup } from './banks/venezuela/venezuela.config.js';
import { PermitLimitsByCredential } from './permits/permit-limits.js';

/** The configuration of every bank there is. */
export interface BankConfigs {
  readonly banesco: BanescoConfig;
  readonly venezuela: VenezuelaConfig;
}

/** The banks this installation may speak to: a bank is a folder and one line here. */
export class BankRegistry {
  readonly banks: readonly BankSetup[];
  /** What their contracts allow. */
  readonly limits: PermitLimitsByCredential;

  constructor({ banesco, venezuela }: BankConfigs) {
    this.banks = [
      { ...banescoSetup(banesco), adapter: new BanescoAdapter(banesco) },
      ...(venezuela.enabled
        ? [{ ...venezuelaSetup(venezuela), adapter: new VenezuelaAdapter(venezuela) }]
        : []),
    ];
    this.limits = new PermitLimitsByCredential(
      new Map(this.banks.map(({ credential, limits }) => [credential.credentialId, limits])),
    );
  }
}
