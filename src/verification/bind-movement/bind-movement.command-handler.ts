import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../kernel/clock.js';
import { uuidFrom } from '../../kernel/ids.js';
import { RuleViolation } from '../../kernel/rejection.js';
import { CommandRunner } from '../../platform/event-store/command-runner.js';
import { bind } from '../domain/slot.decisions.js';
import { slotAggregate, slotStream } from '../domain/slot.js';
import { BindMovement, type BindOutcome } from './bind-movement.command.js';

@CommandHandler(BindMovement)
export class BindMovementHandler implements ICommandHandler<BindMovement> {
  constructor(
    private readonly runner: CommandRunner,
    private readonly clock: Clock,
  ) {}

  async execute({ binding, context }: BindMovement): Promise<BindOutcome> {
    try {
      await this.runner.run({
        streamName: slotStream(binding.slot),
        aggregate: slotAggregate,
        commandId: uuidFrom('bind_movement', binding.slot, binding.proposalId),
        context,
        decide: (slot) => bind(slot, { ...binding, now: this.clock.now() }),
      });
      return { outcome: 'bound' };
    } catch (error) {
      if (error instanceof RuleViolation) return held(error);
      throw error;
    }
  }
}

function held({ rejection: { facts } }: RuleViolation): BindOutcome {
  return {
    outcome: 'held',
    holder: {
      transactionId: String(facts['boundTo']),
      merchantId: String(facts['merchantId']),
      externalId: String(facts['externalId']),
    },
  };
}
