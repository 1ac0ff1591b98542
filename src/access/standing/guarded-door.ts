import { Injectable } from '@nestjs/common';
import { networkOf } from '../../platform/http/network-of.js';
import { ProblemError } from '../../platform/http/problem.js';
import { CallerIdentification } from '../caller-identification.js';
import type { CallerIdentity } from '../caller.decorator.js';
import { RequestLimits } from '../limits/request-limits.js';
import { AccessRefusalsWorker } from '../refusals/access-refusals.worker.js';
import { refusalOf } from './refusal-of.js';
import { CallerDoor, type Knock } from './caller-door.port.js';

/** Does at a door what the guard does before a route. */
@Injectable()
export class GuardedDoor extends CallerDoor {
  constructor(
    private readonly callers: CallerIdentification,
    private readonly limits: RequestLimits,
    private readonly refusals: AccessRefusalsWorker,
  ) {
    super();
  }

  async admit(knock: Knock): Promise<CallerIdentity> {
    const caller = await this.identify(knock);
    try {
      this.count(caller.actor);
      if (!caller.permissions.has(knock.permission)) throw refusalOf(caller);
      return caller;
    } catch (error) {
      if (error instanceof ProblemError) this.tellRefusal(knock, caller, error.code);
      throw error;
    }
  }

  tellRefusal(knock: Knock, caller: CallerIdentity | null, reason: string): void {
    const { address, route, requestId, traceId } = knock;
    this.refusals.tellOf({
      subject: caller?.actor ?? `network:${networkOf(address)}`,
      actor: caller?.actor ?? 'anonymous',
      merchantId: caller?.merchantId ?? null,
      reason,
      address,
      route,
      requestId,
      traceId,
    });
  }

  /** Who fails to prove itself is counted by its network, so that nobody can try keys without end. */
  private async identify(knock: Knock): Promise<CallerIdentity> {
    try {
      return await this.callers.identify(knock.authorization);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      this.tellRefusal(knock, null, error.code);
      this.count(`network:${networkOf(knock.address)}`);
      throw error;
    }
  }

  private count(caller: string): void {
    const { allowed, resetSeconds } = this.limits.take('default', caller);
    if (allowed) return;
    throw new ProblemError('quota_exceeded', { facts: { retryAfterSeconds: resetSeconds } });
  }
}
