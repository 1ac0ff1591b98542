import type { DatabaseTransaction } from '../../platform/database/database.js';
import type { SecurityActRecorded } from './security-act.event.js';

/** Who acts, from where and within which request. */
export interface ActContext {
  readonly actor: string;
  readonly address: string | null;
  readonly requestId: string;
  readonly traceId: string | null;
  /** Told the act's place in the queue before the log. */
  readonly onQueued?: (id: bigint) => void;
}

/** An act before it is known who did it, and when. */
export interface SecurityAct extends Omit<
  SecurityActRecorded,
  'at' | 'address' | 'result' | 'reason' | 'merchantId' | 'particulars'
> {
  readonly merchantId?: string | null;
  /** A code where it was refused; left out where it was done. */
  readonly refusedFor?: string;
  readonly particulars?: SecurityActRecorded['particulars'];
}

/** Where acts are written down. They reach the log and the audit moments later, each exactly once. */
export abstract class SecurityActs {
  /**
   * Writes an act down: inside the transaction that makes the change, so that there is never one without the other, or
   * on its own for what was refused.
   */
  abstract record(act: SecurityAct, context: ActContext, tx?: DatabaseTransaction): Promise<void>;
}

/** The context of what no request led to, such as a task of the command line. */
export const offline = (actor: string): ActContext => ({
  actor,
  address: null,
  requestId: actor,
  traceId: null,
});
