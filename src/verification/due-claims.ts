import { Injectable } from '@nestjs/common';
import type { BankCredential } from '../bank-gateway/bank-gateway.port.js';
import { Clock } from '../kernel/clock.js';
import type { AskLane } from './ask-lane.js';
import { ClaimPreparer, type PreparedAsk } from './claim-preparer.js';
import { VerificationQueue, type DueAsk } from './verification-queue.store.js';

/** The claims of a credential that are due, in fair order. */
@Injectable()
export class DueClaims {
  constructor(
    private readonly queue: VerificationQueue,
    private readonly preparer: ClaimPreparer,
    private readonly clock: Clock,
  ) {}

  /** The one whose turn it is; null when none is due. */
  async next(
    { credentialId, sandbox = false }: BankCredential,
    lane: AskLane,
  ): Promise<DueAsk | null> {
    const due = await this.queue.due({
      credentialId,
      // A test key's claims never reach a real bank.
      modes: sandbox ? ['live', 'test'] : ['live'],
      now: this.clock.now(),
      except: lane.busyWith(),
    });
    return lane.choose(due);
  }

  /** Null when the log knows better than the queue, or a person must look instead. */
  prepare(due: DueAsk, credential: BankCredential): Promise<PreparedAsk | null> {
    return this.preparer.prepare(due, credential);
  }
}
