import type { CommandContext } from '../platform/event-store/command-runner.js';

/** Who writes what the verifier writes. A transaction's story has one thread; each step names what it follows from. */
export const verifierContext = (transactionId: string, causationId: string): CommandContext => ({
  actor: 'process:verifier',
  requestId: causationId,
  correlationId: transactionId,
  causationId,
  traceId: null,
});
