import { Command } from '@nestjs/cqrs';
import type { ObservedMovement } from '../../matching/observed-movement.js';
import type { CommandContext } from '../../platform/event-store/command-runner.js';

/** Whose movement it is: this transaction's, or already somebody else's. */
export type BindOutcome =
  | { readonly outcome: 'bound' }
  | {
      readonly outcome: 'held';
      readonly holder: {
        readonly transactionId: string;
        readonly merchantId: string;
        readonly externalId: string;
      };
    };

export interface MovementBinding {
  readonly slot: string;
  readonly movement: ObservedMovement;
  readonly transactionId: string;
  readonly merchantId: string;
  readonly externalId: string;
  readonly proposalId: string;
  readonly askId: string;
  /** How many last digits of a reference the bank is sure to report. */
  readonly referenceDigits: number;
}

/**
 * Binds a movement to a transaction in the movement's slot (step 2 of 3, product.md wall 2). The same proposal again
 * answers the same. That somebody else holds the movement is an answer, not an error.
 * @throws StreamConflict         the slot is contended; nothing is known to be bound
 * @throws EventStoreUnavailable  it may or may not be bound; ask again with the same proposal
 */
export class BindMovement extends Command<BindOutcome> {
  constructor(
    readonly binding: MovementBinding,
    readonly context: CommandContext,
  ) {
    super();
  }
}
