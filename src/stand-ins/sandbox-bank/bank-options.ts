import type { Clock } from '../../kernel/clock.js';

/** Which of the bank's two environments is spoken; they differ in paths and in HTTP statuses. */
export type Flavour = 'qa' | 'production';

/** Calls that may arrive in any window of this length; refused calls count as well. */
export interface CallLimit {
  /** 0 means no limit. */
  readonly calls: number;
  readonly windowMs: number;
  readonly countTokenCalls: boolean;
}

/** What public sources leave open or contradict each other about; every default is the strict reading. */
export interface BankRules {
  /** Whether this affiliate may list a range of days. Refused like a missing reference when not. */
  readonly rangeListing: boolean;
  readonly listingMaxDays: number;
  /** More rows than this answer 70005. */
  readonly listingMaxRows: number;
  /** `startDt` on a transfer within the bank: one source lost its hits over it, another has them. */
  readonly internalTransferDate: 'refused' | 'accepted';
  /** `accountId` on a Pago Móvil look-up: most omit it, two sources send it and it works. */
  readonly pagoMovilAccount: 'refused' | 'accepted';
  /** Local hours `HH:MM` in which everything answers VRN04; null for never. */
  readonly maintenance: { readonly from: string; readonly to: string } | null;
  readonly tokenSeconds: number;
  /** Whether a call over the limit is told when to come back. */
  readonly retryAfterOnLimit: boolean;
  /** Whether references that end in 99 and a scenario's number bring their own movement. */
  readonly magicReferences: boolean;
  /** How long after the first ask a late credit shows. */
  readonly lateCreditMs: number;
  readonly slowAnswerMs: number;
}

export const DEFAULT_RULES: BankRules = {
  rangeListing: true,
  listingMaxDays: 30,
  listingMaxRows: 500,
  internalTransferDate: 'refused',
  pagoMovilAccount: 'accepted',
  maintenance: null,
  tokenSeconds: 300,
  retryAfterOnLimit: true,
  magicReferences: false,
  lateCreditMs: 5_000,
  slowAnswerMs: 40_000,
};

/** The second bank of the sandbox; it is there when it has a key. */
export interface VenezuelaOptions {
  readonly apiKey: string;
  /** The phone (04…) that the affiliate receives on. */
  readonly receivingPhone: string;
  /** A contract of its own: calls to one bank take no room at the other. */
  readonly limit: Omit<CallLimit, 'countTokenCalls'>;
}

export interface SandboxBankOptions {
  /** A port of 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Keeps the ledger and the calls over restarts; without it all is forgotten at the end. */
  readonly directory?: string;
  readonly flavour: Flavour;
  readonly limit: CallLimit;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The receiving accounts of the affiliate, at either bank; empty means any. */
  readonly accounts: readonly string[];
  /** Movements to begin with, one JSON object a line; those known from an earlier start are skipped. */
  readonly movements?: string;
  readonly clock?: Clock;
  /** The second bank, Banco de Venezuela; without it its paths are unknown. */
  readonly venezuela?: VenezuelaOptions;
  readonly rules?: Partial<BankRules>;
}

/** Paths of the two environments; neither can be derived from the other. */
export const PATHS: Readonly<Record<Flavour, { readonly token: string; readonly api: string }>> = {
  qa: {
    token: '/auth/realms/realm-api-qa/protocol/openid-connect/token',
    api: '/transactions/financial-account/transactions',
  },
  production: {
    token: '/auth/realms/realm-api-prd/protocol/openid-connect/token',
    api: '/financial-account/transactions',
  },
};
