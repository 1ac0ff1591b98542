import type { FastifyReply } from 'fastify';
import type { SubmittedTransaction } from '../domain/transaction.js';
import { resourceOf, type TransactionResource } from './transaction.resource.js';

/** The answer to what changes a transaction: the resource as it stands, its version, and whether this was a repeat. */
export function changedResource(
  {
    transaction,
    replayed,
  }: { readonly transaction: SubmittedTransaction; readonly replayed: boolean },
  reply: FastifyReply,
): TransactionResource {
  const resource = resourceOf(transaction);
  void reply.header('etag', `"${resource.version}"`);
  if (replayed) void reply.header('idempotency-replayed', 'true');
  return resource;
}
