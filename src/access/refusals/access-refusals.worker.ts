import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../../kernel/clock.js';
import { networkOf } from '../../platform/http/network-of.js';
import { problemOf } from '../../platform/http/problem-of.js';
import { traceIdOf } from '../../platform/http/trace-parent.js';
import type { Worker } from '../../platform/workers/worker.js';
import { SecurityActs } from '../acts/security-acts.port.js';
import type { CallerIdentity } from '../caller.decorator.js';
import { RefusalTallies, type Refusal, type RefusalReport } from './refusal-tallies.js';

const REFUSED = new Set([401, 403, 429]);
// Each of these is an act of its own already, `sign_in.refused`.
const TOLD_ELSEWHERE = new Set(['sign_in_refused', 'sign_in_held', 'totp_required']);

/** Brings refused requests into the audit, whatever refused them: the guard, a limit, or a rule of the route. */
@Injectable()
export class AccessRefusalsWorker implements Worker, BeforeApplicationShutdown {
  readonly name = 'access-refusals';
  readonly role = 'api';
  readonly everyMs = 1_000;

  private readonly tallies = new RefusalTallies();

  constructor(
    private readonly acts: SecurityActs,
    private readonly clock: Clock,
    private readonly host: HttpAdapterHost,
  ) {}

  /** Looks at every answer from now on; does nothing where no answers are given, as in the command line. */
  watch(): void {
    const fastify = this.host.httpAdapter?.getInstance<FastifyInstance | undefined>();
    fastify?.addHook?.('onResponse', (request, reply, done) => {
      if (REFUSED.has(reply.statusCode)) this.note(request, reply);
      done();
    });
  }

  /** One that no answer shows. */
  tellOf(refusal: Refusal): void {
    this.tallies.note(refusal, this.clock.now().getTime());
  }

  async run(): Promise<'idle'> {
    await this.tell(this.tallies.due(this.clock.now().getTime()));
    return 'idle';
  }

  /** While the connection to the database is still there. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.tell(this.tallies.due(this.clock.now().getTime(), true));
  }

  private note(request: FastifyRequest & { caller?: CallerIdentity }, reply: FastifyReply): void {
    const reason = problemOf(request) ?? String(reply.statusCode);
    if (TOLD_ELSEWHERE.has(reason)) return;
    const { caller, ip, id, method, routeOptions, headers } = request;
    this.tellOf({
      subject: caller?.actor ?? `network:${networkOf(ip)}`,
      actor: caller?.actor ?? 'anonymous',
      merchantId: caller?.merchantId ?? null,
      reason,
      address: ip,
      route: `${method} ${routeOptions.url ?? 'unmatched'}`,
      requestId: id,
      traceId: traceIdOf(headers.traceparent),
    });
  }

  private async tell(reports: readonly RefusalReport[]): Promise<void> {
    for (const [at, report] of reports.entries()) {
      try {
        await this.record(report);
      } catch (error) {
        for (const untold of reports.slice(at)) this.tallies.takeBack(untold);
        throw error;
      }
    }
  }

  private record({ first, count, sinceMs }: RefusalReport): Promise<void> {
    const { subject, merchantId, reason, route, ...by } = first;
    const since = new Date(sinceMs).toISOString();
    return this.acts.record(
      {
        act: 'access.refused',
        subject,
        merchantId,
        refusedFor: reason,
        particulars: { count, route, since },
      },
      by,
    );
  }
}
