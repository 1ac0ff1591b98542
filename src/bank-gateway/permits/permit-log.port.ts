/** The right to one call to a bank: a row in Postgres, valid for one second after it was taken. */
export interface Permit {
  readonly permitId: string;
  readonly credentialId: string;
  /** Monotonic reading (see Clock) after which it must not be used any more. */
  readonly validUntilMonotonicMs: number;
}

export interface PermitRequest {
  readonly credentialId: string;
  readonly operation: 'look_up' | 'sweep' | 'token';
  /** Set for look-ups: those are limited per transaction too. */
  readonly transactionId: string | null;
  /** How long the call may last: until then an unresolved permit counts. */
  readonly callDeadlineMs: number;
}

export type PermitAnswer =
  | { readonly outcome: 'taken'; readonly permit: Permit }
  /** None is free, or the credential cools down; asking earlier than `waitMs` is useless. */
  | { readonly outcome: 'wait'; readonly waitMs: number };

/** How far a contract is used up at this instant. */
export interface PermitUsage {
  readonly used: number;
  /** Permits that could be taken now: none during a cool-down. */
  readonly free: number;
  /** What is left of a cool-down; 0 when there is none. */
  readonly coolDownMs: number;
}

/** The quota (product.md, section 5). Postgres's clock decides; nothing in memory does. */
export abstract class PermitLog {
  /** Takes a permit if the contract allows a call now. */
  abstract tryTake(request: PermitRequest): Promise<PermitAnswer>;

  /** The answer came, so the bank counted the call no later than now. Without this it counts until its deadline. */
  abstract resolve(permitId: string): Promise<void>;

  /** No call of this credential before the time has passed; survives restarts. The longer of two stands. */
  abstract coolDown(credentialId: string, forMs: number, reason: string): Promise<void>;

  /** How many calls of any operation are allowed in a window; null for a credential without a contract. */
  abstract contract(
    credentialId: string,
  ): { readonly calls: number; readonly windowMs: number } | null;

  /** Permits in the window and how many are free, for metrics and `/explain`. */
  abstract usage(credentialId: string): Promise<PermitUsage>;
}
