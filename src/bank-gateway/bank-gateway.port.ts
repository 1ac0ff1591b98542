import type { AskResult } from '../matching/bank-answer.js';
import type { PaymentClaim, PaymentKind } from '../matching/payment-claim.js';
import type { LocalDate } from '../kernel/local-date.js';
import type { Permit } from './permits/permit-log.port.js';

/** What a bank can do, as data; behaviour never asks for a bank's name. */
export interface BankCapabilities {
  /** The bank's 4 digits. */
  readonly bank: string;
  /** Kinds that a point look-up can settle; others go to review as `unsupported_evidence`. */
  readonly lookUpKinds: readonly PaymentKind[];
  readonly listing: { readonly maxDays: number } | null;
  readonly lookUpHasSideEffects: boolean;
  readonly amountCheckedByBank: boolean;
  /** How many last digits of a reference the bank is sure to report: the slot's k. */
  readonly referenceDigits: number;
  /** The least digits a claim's reference needs to be usable, by kind. */
  readonly leastReferenceDigits: number;
  /** The longest one attempt may last: the `callDeadlineMs` to ask a permit with. */
  readonly callDeadlineMs: number;
  /** The largest commission the bank charges, in hundredths of a percent of the payment. */
  readonly commissionBasisPoints: number;
  /** What must be known of the payer before a claim of a kind can be looked up. */
  readonly payerFields: Readonly<Record<PaymentKind, readonly ('phone' | 'document')[]>>;
}

/** One credential at one bank: whom we ask as, and what the contract allows. */
export interface BankCredential {
  readonly credentialId: string;
  readonly bank: string;
  /** Names the affiliate in slots: letters and digits only. */
  readonly affiliate: string;
  /** True for a sandbox's credential: only there are claims of test keys asked about. */
  readonly sandbox?: boolean;
  /** True for a sandbox beside the live bank: nothing but claims of test keys is asked about there. */
  readonly besideLive?: boolean;
}

export type Mode = 'live' | 'test';

/** Whose claims a credential may be asked about: a test key's claims never reach a real bank. */
export const modesOf = ({
  sandbox = false,
  besideLive = false,
}: BankCredential): readonly Mode[] => {
  if (besideLive) return ['test'];
  return sandbox ? ['live', 'test'] : ['live'];
};

export interface LookUp {
  readonly askId: string;
  readonly credentialId: string;
  readonly transactionId: string;
  readonly claim: PaymentClaim;
  /** The date to ask for: the claimed day, or a neighbour. */
  readonly on: LocalDate;
  /** Taken already; further attempts take their own. */
  readonly permit: Permit;
}

export interface Listing {
  readonly askId: string;
  readonly credentialId: string;
  readonly account: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly permit: Permit;
}

/** Whether a call could be sent now. `closed`: credentials were refused and a person must act. */
export type Readiness =
  | { readonly state: 'ready' }
  | { readonly state: 'wait'; readonly waitMs: number; readonly why: string }
  | { readonly state: 'closed' };

/**
 * The one door to the banks. Methods answer from a closed list and throw only for our own mistakes;
 * one attempt is one permit, one metric, one log line.
 */
export abstract class BankGateway {
  /** The credentials this installation may speak for; admins create and retire some while it runs. */
  abstract credentials(): readonly BankCredential[];

  /** One of them, or one that was retired: slots and claims go on naming it. */
  known(credentialId: string): BankCredential | null {
    return this.credentials().find((served) => served.credentialId === credentialId) ?? null;
  }

  /** @throws AssertionFailed for a bank that no adapter serves; see `serves`. */
  abstract capabilities(bank: string): BankCapabilities;

  abstract serves(bank: string): boolean;

  /** Makes sure that a token is at hand, taking a permit for a token call where the contract counts them. */
  abstract prepare(credentialId: string, signal: AbortSignal): Promise<Readiness>;

  /**
   * When a credential could have been called for so long after an instant: the bank's hours of maintenance do not
   * count.
   */
  openAfter(_credentialId: string, from: Date, forMs: number): Date {
    return new Date(from.getTime() + forMs);
  }

  /** How long this instance leaves the bank alone because it cannot be reached; 0 when it can, or nobody tried. */
  circuitOpenMs(_credentialId: string): number {
    return 0;
  }

  /** Asks about one claim. */
  abstract lookUp(ask: LookUp, signal: AbortSignal): Promise<AskResult>;

  /** Lists an account's movements over whole days, both ends included. */
  abstract listMovements(ask: Listing, signal: AbortSignal): Promise<AskResult>;
}
