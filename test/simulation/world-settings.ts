import type { BankSetup } from '../../src/bank-gateway/bank-setup.js';
import { BanescoAdapter } from '../../src/bank-gateway/banks/banesco/banesco.adapter.js';
import {
  BanescoConfig,
  banescoSetup,
} from '../../src/bank-gateway/banks/banesco/banesco.config.js';
import { readConfiguration } from '../../src/platform/config/config.js';
import type { SandboxBankOptions } from '../../src/stand-ins/sandbox-bank/bank-options.js';
import { PATHS } from '../../src/stand-ins/sandbox-bank/bank-options.js';
import { VerificationConfig } from '../../src/verification/verification.config.js';
import type { Dice } from './dice.js';
import type { LogFaults } from './simulated-log.js';
import type { WireFaults } from './simulated-wire.js';

const HOUR_MS = 3_600_000;
const CLIENT = { clientId: 'simulated-client', clientSecret: 'made-up' } as const;
const ADDRESS = 'http://127.0.0.1:1';

/** What the bank is like, and what its contract allows. */
export interface BankSettings {
  readonly flavour: 'qa' | 'production';
  readonly listing: boolean;
  readonly listingMaxRows: number;
  readonly calls: number;
  readonly windowMs: number;
  readonly tokenCallsCount: boolean;
  readonly maintenance: { readonly from: string; readonly to: string } | null;
}

/** How one world is made; all of it follows from its seed. */
export interface WorldSettings extends BankSettings {
  readonly processes: number;
  readonly accounts: number;
  readonly merchants: number;
  readonly claims: number;
  readonly visibleWithinMs: number;
  /** How many times somebody orders a fault at the bank. */
  readonly bankFaults: number;
  readonly wire: WireFaults;
  readonly log: LogFaults;
  /** How far the queue is behind the log at most. */
  readonly queueLagMs: number;
  readonly leastPauseMs: number;
}

export function settingsFrom(dice: Dice): WorldSettings {
  const isRough = dice.chance(0.5);
  const rough = (share: number): number => (isRough ? share * dice.share() : 0);
  return {
    processes: dice.pick([1, 1, 2, 3]),
    accounts: dice.between(1, 4),
    merchants: dice.between(1, 3),
    claims: dice.between(8, 24),
    flavour: dice.pick(['qa', 'production']),
    listing: dice.chance(0.5),
    listingMaxRows: dice.pick([5, 20, 500]),
    calls: dice.pick([2, 2, 3, 6]),
    windowMs: dice.pick([60_000, 60_000, 30_000]),
    tokenCallsCount: dice.chance(0.8),
    maintenance: dice.chance(0.3) ? { from: '02:00', to: dice.pick(['02:30', '04:00']) } : null,
    visibleWithinMs: dice.between(2, 6) * HOUR_MS,
    bankFaults: isRough ? dice.between(0, 12) : 0,
    wire: {
      notSent: rough(0.1),
      lostOnTheWay: rough(0.06),
      answerLost: rough(0.1),
      meanLatencyMs: dice.pick([150, 400, 2_500]),
    },
    log: { crash: rough(0.02), lostAnswer: rough(0.02) },
    queueLagMs: dice.pick([50, 300, 3_000]),
    leastPauseMs: 500,
  };
}

/** The service's own configuration of the bank, read as the service reads it. */
export function bankSetup(settings: BankSettings): BankSetup {
  const config = readConfiguration([BanescoConfig], {
    BANESCO_BASE_URL: ADDRESS,
    BANESCO_TOKEN_URL: `${ADDRESS}${PATHS[settings.flavour].token}`,
    BANESCO_TRANSACTIONS_PATH: PATHS[settings.flavour].api,
    BANESCO_CLIENT_ID: CLIENT.clientId,
    BANESCO_CLIENT_SECRET: CLIENT.clientSecret,
    BANESCO_AFFILIATE: 'simulated',
    BANESCO_LIMIT_CALLS: String(settings.calls),
    BANESCO_LIMIT_WINDOW_MS: String(settings.windowMs),
    BANESCO_TOKEN_CALLS_COUNT: String(settings.tokenCallsCount),
    BANESCO_LISTING_GRANTED: String(settings.listing),
    BANESCO_MAINTENANCE_MS: '600000',
  }).section(BanescoConfig);
  return { ...banescoSetup(config), adapter: new BanescoAdapter(config) };
}

/** The bank that this configuration is about. */
export const bankOptions = (settings: BankSettings): Omit<SandboxBankOptions, 'accounts'> => ({
  port: 0,
  flavour: settings.flavour,
  ...CLIENT,
  limit: {
    calls: settings.calls,
    windowMs: settings.windowMs,
    countTokenCalls: settings.tokenCallsCount,
  },
  rules: {
    rangeListing: settings.listing,
    listingMaxRows: settings.listingMaxRows,
    maintenance: settings.maintenance,
  },
});

/** Shorter than in life, so that a world ends within two of its days. */
export const verificationConfig = (settings: WorldSettings): VerificationConfig => {
  const config = readConfiguration([VerificationConfig], {
    VERIFICATION_VISIBLE_WITHIN_SECONDS: String(settings.visibleWithinMs / 1_000),
    // Transfers between banks take no longer here than anything else.
    VERIFICATION_DEFERRED_BANKING_HOURS: '0',
    VERIFICATION_LATE_EVERY_SECONDS: '14400',
  });
  return config.section(VerificationConfig);
};
