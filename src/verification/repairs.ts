import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { LoadTransaction } from '../transactions/load-transaction/load-transaction.query.js';
import { RecordVerification } from '../transactions/record-verification/record-verification.command.js';
import type { Watch } from './domain/watch.js';
import type { OverdueSweep } from './left-open.store.js';
import { MovementBinder } from './movement-binder.js';
import { RecordSweep } from './record-sweep/record-sweep.command.js';
import { ReleaseMovement } from './release-movement/release-movement.command.js';
import { verifierContext } from './verifier-context.js';

/**
 * What is left to do when whoever began it is gone. Each may be done by several instances at once, and twice: ids
 * derive from what was begun.
 */
@Injectable()
export class Repairs {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly binder: MovementBinder,
  ) {}

  /** @throws RuleViolation  it was answered meanwhile */
  async closeAsk(transactionId: string, askId: string): Promise<void> {
    await this.commands.execute(
      new RecordVerification(
        transactionId,
        { step: 'close_unanswered_ask', askId },
        verifierContext(transactionId, askId),
      ),
    );
  }

  /** @throws RuleViolation  it was answered meanwhile */
  async closeSweep({ sweepId, receivingAccountId, startedAt }: OverdueSweep): Promise<void> {
    await this.commands.execute(
      new RecordSweep(
        { receivingAccountId, startedAt },
        { step: 'close_unanswered', sweepId },
        verifierContext(receivingAccountId, sweepId),
      ),
    );
  }

  /** @throws RuleViolation  it was finished meanwhile */
  async finishBinding(transactionId: string): Promise<void> {
    const transaction = await this.queries.execute(new LoadTransaction(transactionId));
    if (transaction !== null) await this.binder.finish(transaction);
  }

  /** Each slot lets go of what a person took back, unless it was bound anew meanwhile. */
  async release({ claim: { transactionId }, owedReleases }: Watch): Promise<void> {
    for (const owed of owedReleases) {
      await this.commands.execute(
        new ReleaseMovement(
          { ...owed, transactionId },
          verifierContext(transactionId, owed.proposalId),
        ),
      );
    }
  }
}
