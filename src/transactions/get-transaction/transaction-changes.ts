import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus, type Command } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import { assert } from '../../kernel/assert.js';
import type { SubmittedTransaction } from '../domain/transaction.js';
import { LoadTransaction } from '../load-transaction/load-transaction.query.js';
import { isOwn } from './own-transaction.js';
import { resourceOf, type TransactionResource } from './transaction.resource.js';

/** The transaction after a change, and whether it had been changed so before. */
interface Changed {
  readonly transaction: SubmittedTransaction;
  readonly replayed: boolean;
}

type Change = Command<Changed> & {
  readonly request: { readonly transactionId: string; readonly caller: CallerIdentity };
};

/** Answers what changes one transaction: with the resource as it stands, its version, and whether this is a repeat. */
@Injectable()
export class TransactionChanges {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  /** A repeat, as the interceptor found it, changes nothing. */
  async answer(
    change: Change,
    { replayed, reply }: { readonly replayed: boolean; readonly reply: FastifyReply },
  ): Promise<TransactionResource> {
    const changed = replayed
      ? { transaction: await this.current(change), replayed }
      : await this.commands.execute(change);
    const resource = resourceOf(changed.transaction);
    void reply.header('etag', `"${resource.version}"`);
    // Past the time for which keys are remembered, the log itself still knows a repeat.
    if (changed.replayed) void reply.code(200).header('idempotency-replayed', 'true');
    return resource;
  }

  private async current({
    request: { transactionId, caller },
  }: Change): Promise<SubmittedTransaction> {
    const transaction = await this.queries.execute(new LoadTransaction(transactionId));
    assert(transaction !== null && isOwn(transaction, caller), 'what was changed is there');
    return transaction;
  }
}
