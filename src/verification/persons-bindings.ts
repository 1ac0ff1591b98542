import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { BankGateway } from '../bank-gateway/bank-gateway.port.js';
import { RuleViolation } from '../kernel/rejection.js';
import { slotOf } from '../matching/movement.js';
import { fromObserved, type ObservedMovement } from '../matching/observed-movement.js';
import { MovementBindings } from '../transactions/decide-transaction/movement-bindings.port.js';
import { LoadTransaction } from '../transactions/load-transaction/load-transaction.query.js';
import { MovementBinder } from './movement-binder.js';

/** Binds what a person decided, through the same slots and steps as the machine's own findings. */
@Injectable()
export class PersonsBindings extends MovementBindings {
  constructor(
    private readonly gateway: BankGateway,
    private readonly queries: QueryBus,
    private readonly binder: MovementBinder,
  ) {
    super();
  }

  slotOf(movement: ObservedMovement, credentialId: string): string | null {
    const credential = this.gateway.known(credentialId);
    if (credential === null) return null;
    const { referenceDigits } = this.gateway.capabilities(credential.bank);
    return slotOf(fromObserved(movement), { affiliate: credential.affiliate, referenceDigits });
  }

  async finish(transactionId: string): Promise<void> {
    const transaction = await this.queries.execute(new LoadTransaction(transactionId));
    if (transaction === null) return;
    try {
      await this.binder.finish(transaction);
    } catch (error) {
      // Refused means that a worker was faster, which is as good.
      if (!(error instanceof RuleViolation)) throw error;
    }
  }
}
