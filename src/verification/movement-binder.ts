import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { uuidFrom } from '../kernel/ids.js';
import { referenceDigitsOf } from '../matching/movement.js';
import type { ObservedMovement } from '../matching/observed-movement.js';
import type { TransactionSoFar } from '../transactions/load-transaction/load-transaction.query.js';
import {
  RecordVerification,
  type VerificationStep,
} from '../transactions/record-verification/record-verification.command.js';
import { BindMovement } from './bind-movement/bind-movement.command.js';
import { VerdictMeter } from './verdict-meter.js';
import { verifierContext } from './verifier-context.js';

/** A credit that fits, where it was found. */
export interface FoundMovement {
  readonly movement: ObservedMovement;
  readonly slot: string;
  readonly askId: string;
  readonly correctionsSeen: number;
}

/**
 * Binds a movement to a transaction in three steps, each of which may be repeated by anybody (product.md, wall 2).
 * Ids derive from the ask and the movement, so that a repeat is recognised wherever a crash fell.
 */
@Injectable()
export class MovementBinder {
  constructor(
    private readonly commands: CommandBus,
    private readonly meter: VerdictMeter,
  ) {}

  /**
   * All three steps.
   * @throws RuleViolation  the transaction has moved on, and the first step was refused
   */
  async bind(transactionId: string, found: FoundMovement): Promise<void> {
    const { movement, askId } = found;
    const proposalId = uuidFrom('proposal', transactionId, askId, movement.movementKey);
    const { transaction } = await this.commands.execute(
      new RecordVerification(
        transactionId,
        { step: 'propose_binding', proposal: { proposalId, ...found } },
        verifierContext(transactionId, askId),
      ),
    );
    await this.finish(transaction);
  }

  /**
   * The second and third step of the binding that is under way; nothing when there is none.
   * @throws RuleViolation  somebody else has finished it meanwhile
   */
  async finish({ claim, binding }: TransactionSoFar): Promise<void> {
    if (binding === null) return;
    const { transactionId, merchantId, externalId } = claim;
    const { proposalId, slot, movement } = binding;
    const context = verifierContext(transactionId, proposalId);
    const bound = await this.commands.execute(
      new BindMovement(
        {
          slot,
          movement,
          transactionId,
          merchantId,
          externalId,
          proposalId,
          askId: binding.askId ?? proposalId,
          referenceDigits: referenceDigitsOf(slot),
        },
        context,
      ),
    );
    const step: VerificationStep =
      bound.outcome === 'bound'
        ? { step: 'confirm_binding', proposalId }
        : { step: 'refuse_binding', refusal: { proposalId, holder: bound.holder } };
    this.meter.count(
      await this.commands.execute(new RecordVerification(transactionId, step, context)),
    );
  }
}
