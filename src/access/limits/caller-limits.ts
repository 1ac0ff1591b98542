import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { networkOf } from '../../platform/http/network-of.js';
import { tellQuota } from './limit-answers.js';
import { LimitsConfig, type LimitPolicy } from './limits.config.js';
import { RequestLimits } from './request-limits.js';

/** Counts requests by who sends them, tells what is left, and refuses what is too much. */
@Injectable()
export class CallerLimits {
  constructor(
    private readonly limits: RequestLimits,
    private readonly config: LimitsConfig,
  ) {}

  /** @throws ProblemError `quota_exceeded` */
  countCaller(actor: string, reply: FastifyReply): void {
    const quota = this.limits.take('default', actor);
    tellQuota(reply, 'default', { rate: this.config.default, quota });
  }

  /** @throws ProblemError `quota_exceeded` */
  countStranger(address: string, reply: FastifyReply): void {
    const quota = this.limits.take('default', `network:${networkOf(address)}`);
    tellQuota(reply, 'default', { rate: this.config.default, quota });
  }

  /** @throws ProblemError `quota_exceeded` */
  async countNetwork(policy: LimitPolicy, address: string, reply: FastifyReply): Promise<void> {
    const caller = `network:${networkOf(address)}`;
    const quota =
      policy === 'default'
        ? this.limits.take(policy, caller)
        : await this.limits.takeExactly(policy, caller);
    tellQuota(reply, policy, { rate: this.config[policy], quota });
  }
}
