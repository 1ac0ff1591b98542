import type { CallerIdentity } from '../access/caller.decorator.js';
import { sha256Hex, uuidFrom } from '../kernel/ids.js';
import type { CommandRun } from '../platform/event-store/command-runner.js';

/** What makes two requests one and the same. */
export interface IdempotentRequest {
  readonly caller: CallerIdentity;
  /** The operation, as the key is good for one only. */
  readonly operation: string;
  readonly transactionId: string;
  readonly idempotencyKey: string;
  /** What was asked for, free of anything a payer told: its hash stays in the log for good. */
  readonly content: Readonly<Record<string, string | number | null>>;
}

/**
 * Names a request by its idempotency key, within its merchant, operation and transaction, and what it asked for: the
 * same key with other content is refused, for as long as the stream lives.
 */
export function idempotentCommand({
  caller,
  operation,
  transactionId,
  idempotencyKey,
  content,
}: IdempotentRequest): Required<
  Pick<CommandRun<never, never, never>, 'commandId' | 'fingerprint'>
> {
  const tenant = caller.merchantId ?? caller.actor;
  // One order of names, so that the same content has one text.
  const entries = Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    commandId: uuidFrom(operation, tenant, transactionId, idempotencyKey),
    fingerprint: sha256Hex(JSON.stringify(entries)),
  };
}
