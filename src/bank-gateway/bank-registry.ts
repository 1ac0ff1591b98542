import { assert } from '../kernel/assert.js';
import type { BankAdapter } from './bank-adapter.js';
import type { BankSetup } from './bank-setup.js';
import { BanescoAdapter } from './banks/banesco/banesco.adapter.js';
import { BANESCO, type BanescoConfig, banescoSetup } from './banks/banesco/banesco.config.js';
import { createdAtBanesco } from './banks/banesco/banesco.created.js';
import {
  type BanescoSandboxConfig,
  besideBanesco,
} from './banks/banesco/banesco.sandbox.config.js';
import { VenezuelaAdapter } from './banks/venezuela/venezuela.adapter.js';
import {
  VENEZUELA,
  type VenezuelaConfig,
  venezuelaSetup,
} from './banks/venezuela/venezuela.config.js';
import { createdAtVenezuela } from './banks/venezuela/venezuela.created.js';
import {
  besideVenezuela,
  type VenezuelaSandboxConfig,
} from './banks/venezuela/venezuela.sandbox.config.js';
import type {
  CreatedCredential,
  CredentialParticulars,
  CredentialStanding,
} from './created-credential.js';
import { PermitLimitsByCredential } from './permits/permit-limits.js';

/** The configuration of every bank there is. */
export interface BankConfigs {
  readonly banesco: BanescoConfig;
  readonly banescoSandbox: BanescoSandboxConfig;
  readonly venezuela: VenezuelaConfig;
  readonly venezuelaSandbox: VenezuelaSandboxConfig;
}

/** One line that is known, and whether it is used. */
export interface KnownLine {
  readonly setup: BankSetup;
  readonly standing: CredentialStanding;
}

/** The banks this installation may speak to: a bank is a folder and one line here, and a sandbox beside it another. */
export class BankRegistry {
  /** Those of the configuration; a bank's own line stands before that of the sandbox beside it. */
  readonly configured: readonly BankSetup[];
  /** What their contracts allow. */
  readonly limits: PermitLimitsByCredential;
  private readonly created = new Map<string, KnownLine & { readonly from: string }>();
  private readonly touches: ((adapter: BankAdapter) => void)[] = [];

  constructor(private readonly configs: BankConfigs) {
    const { banesco, banescoSandbox, venezuela, venezuelaSandbox } = configs;
    this.configured = [
      ofBanesco(banesco),
      ...[besideBanesco(banesco, banescoSandbox)].flatMap(forTestKeys(ofBanesco)),
      ...(venezuela.enabled ? [ofVenezuela(venezuela)] : []),
      ...[besideVenezuela(venezuela, venezuelaSandbox)].flatMap(forTestKeys(ofVenezuela)),
    ];
    const ids = this.configured.map(({ credential }) => credential.credentialId);
    assert(new Set(ids).size === ids.length, 'two lines to banks have one credential id');
    this.limits = new PermitLimitsByCredential(
      new Map(this.configured.map(({ credential, limits }) => [credential.credentialId, limits])),
    );
  }

  /** The lines that are used. */
  get banks(): readonly BankSetup[] {
    return this.known()
      .filter(({ standing }) => standing === 'in_force')
      .map(({ setup }) => setup);
  }

  /** All there are: of the configuration, and those that admins created, retired ones too. */
  known(): readonly KnownLine[] {
    const configured = this.configured.map((setup) => ({ setup, standing: 'in_force' as const }));
    return [...configured, ...this.created.values()];
  }

  isConfigured(credentialId: string): boolean {
    return this.configured.some(({ credential }) => credential.credentialId === credentialId);
  }

  find(credentialId: string): KnownLine | null {
    return this.known().find((line) => line.setup.credential.credentialId === credentialId) ?? null;
  }

  /** Takes over what admins created and retired; a line stays the same object while its particulars stay. */
  adopt(credentials: readonly CreatedCredential[]): void {
    for (const { standing, ...given } of credentials) {
      const { credentialId } = given;
      // The configuration came first, and decides what its name stands for.
      if (this.isConfigured(credentialId)) continue;
      const from = JSON.stringify(given);
      const known = this.created.get(credentialId);
      const setup = known?.from === from ? known.setup : this.make(given);
      if (setup === null) continue;
      this.created.set(credentialId, { setup, standing, from });
      this.limits.add(credentialId, setup.limits);
    }
  }

  /** What a credential would be; null where the configuration has no line of its bank. */
  make(given: CredentialParticulars): BankSetup | null {
    const { banesco, venezuela } = this.configs;
    const setup = madeFrom(given, { banesco, venezuela });
    if (setup !== null) this.touches.forEach((touch) => touch(setup.adapter));
    return setup;
  }

  /** Does something to every adapter: those there are now, and those of credentials that come. */
  forEachAdapter(touch: (adapter: BankAdapter) => void): void {
    this.touches.push(touch);
    this.known().forEach(({ setup }) => touch(setup.adapter));
  }
}

function madeFrom(
  given: CredentialParticulars,
  { banesco, venezuela }: Pick<BankConfigs, 'banesco' | 'venezuela'>,
): BankSetup | null {
  if (given.bank === BANESCO) {
    return { ...ofBanesco(createdAtBanesco(banesco, given)), isCreated: true };
  }
  if (given.bank !== VENEZUELA || !venezuela.enabled) return null;
  return { ...ofVenezuela(createdAtVenezuela(venezuela, given)), isCreated: true };
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
