import type { Answer } from './answer.js';
import type { BankRules, Flavour } from './bank-options.js';
import type { LedgerMovement } from './movement.js';
import type { TransactionDetail } from './transaction-detail.js';

/** How often a movement has been asked about, this time included. */
export interface Seen {
  readonly asks: number;
  readonly sinceFirstAskMs: number;
}

export interface ScenarioSettings {
  readonly flavour: Flavour;
  readonly rules: BankRules;
  readonly now: Date;
}

/** One named behaviour of the sandbox, told from the bank's side. */
export interface Scenario {
  /** Two digits: a reference whose last six digits are `99`, these and any two brings it about. */
  readonly number: number;
  readonly name: string;
  /** What the bank does. */
  readonly summary: string;
  /** What a client should make of it. */
  readonly expected: string;
  /** For how many asks about one movement an answer is spoilt; rows are changed at every ask. */
  readonly times?: number;
  /** Only an admin call can bring it about: it concerns the token endpoint. */
  readonly tokenOnly?: boolean;
  /** The token in use is worthless from now on. */
  readonly revokesTokens?: boolean;
  /** What the books show of a movement. */
  readonly rows?: (
    movement: LedgerMovement,
    seen: Seen,
    settings: ScenarioSettings,
  ) => readonly LedgerMovement[];
  /** How a row is spelt; the result need not be what the bank promises. */
  readonly spell?: (detail: TransactionDetail) => unknown;
  /** The bank answers before it looks into its books, so that a look-up has no effect there. */
  readonly turnsAway?: boolean;
  /** What becomes of the answer to a look-up. */
  readonly answer?: (regular: Answer, settings: ScenarioSettings) => Answer;
}
