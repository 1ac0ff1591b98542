import { assert } from '../kernel/assert.js';
import type { BankSetup } from './bank-setup.js';
import { BanescoAdapter } from './banks/banesco/banesco.adapter.js';
import { type BanescoConfig, banescoSetup } from './banks/banesco/banesco.config.js';
import {
  type BanescoSandboxConfig,
  besideBanesco,
} from './banks/banesco/banesco.sandbox.config.js';
import { VenezuelaAdapter } from './banks/venezuela/venezuela.adapter.js';
import { type VenezuelaConfig, venezuelaSetup } from './banks/venezuela/venezuela.config.js';
import {
  besideVenezuela,
  type VenezuelaSandboxConfig,
} from './banks/venezuela/venezuela.sandbox.config.js';
import { PermitLimitsByCredential } from './permits/permit-limits.js';

/** The configuration of every bank there is. */
export interface BankConfigs {
  readonly banesco: BanescoConfig;
  readonly banescoSandbox: BanescoSandboxConfig;
  readonly venezuela: VenezuelaConfig;
  readonly venezuelaSandbox: VenezuelaSandboxConfig;
}

/** The banks this installation may speak to: a bank is a folder and one line here, and a sandbox beside it another. */
export class BankRegistry {
  /** A bank's own line stands before that of the sandbox beside it. */
  readonly banks: readonly BankSetup[];
  /** What their contracts allow. */
  readonly limits: PermitLimitsByCredential;

  constructor({ banesco, banescoSandbox, venezuela, venezuelaSandbox }: BankConfigs) {
    this.banks = [
      ofBanesco(banesco),
      ...[besideBanesco(banesco, banescoSandbox)].flatMap(forTestKeys(ofBanesco)),
      ...(venezuela.enabled ? [ofVenezuela(venezuela)] : []),
      ...[besideVenezuela(venezuela, venezuelaSandbox)].flatMap(forTestKeys(ofVenezuela)),
    ];
    const ids = this.banks.map(({ credential }) => credential.credentialId);
    assert(new Set(ids).size === ids.length, 'two lines to banks have one credential id');
    this.limits = new PermitLimitsByCredential(
      new Map(this.banks.map(({ credential, limits }) => [credential.credentialId, limits])),
    );
  }
}

const ofBanesco = (config: BanescoConfig): BankSetup => ({
  ...banescoSetup(config),
  adapter: new BanescoAdapter(config),
});

const ofVenezuela = (config: VenezuelaConfig): BankSetup => ({
  ...venezuelaSetup(config),
  adapter: new VenezuelaAdapter(config),
});

const forTestKeys =
  <Config>(setupOf: (config: Config) => BankSetup) =>
  (config: Config | null): BankSetup[] => {
    if (config === null) return [];
    const setup = setupOf(config);
    return [{ ...setup, credential: { ...setup.credential, besideLive: true } }];
  };
