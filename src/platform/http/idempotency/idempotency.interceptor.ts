import {
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { lastValueFrom, of, type Observable } from 'rxjs';
import { ProblemError } from '../problem.js';
import { AttemptBook } from './attempt-book.js';
import { readIdempotencyKey } from './idempotency-key.decorator.js';
import { attemptScope, type Attempt } from './idempotency-records.store.js';
import { KEY_USE, type KeyUse } from './key-use.decorator.js';
import type { KnownRequest } from './replayed.decorator.js';
import { RequestAttempts } from './request-attempts.js';

// Requests take milliseconds; whoever asks again after this finds the first one answered.
const ASK_AGAIN_SECONDS = '1';

/**
 * Makes every changing POST safe to repeat: the first request with a key is carried out, the same one again is
 * answered with what stands now, another under the same key is refused. What was refused is not remembered; what
 * failed may be tried again. Each route's own writes are named by the key too, so that a try after a crash does nothing
 * twice (decision 60).
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly attempts: RequestAttempts,
    private readonly book: AttemptBook,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest & KnownRequest>();
    const key = this.keyOf(context, request);
    if (key === null) return next.handle();
    const attempt = this.attempts.of(request, key);
    const beginning = await this.book.begin(attempt);
    if (beginning === 'other_content') throw new ProblemError('idempotency_key_reused');
    if (beginning === 'running') {
      const headers = { 'retry-after': ASK_AGAIN_SECONDS };
      throw new ProblemError('idempotent_request_running', { headers });
    }
    if (beginning === 'begun') return of(await this.carryOut(attempt, next));
    request.idempotency = { replayed: true };
    const answer = await answerOf(next);
    markReplayed(http.getResponse());
    return of(answer);
  }

  private keyOf(context: ExecutionContext, { method, headers }: FastifyRequest): string | null {
    if (method !== 'POST') return null;
    const use = this.reflector.get<KeyUse | undefined>(KEY_USE, context.getHandler()) ?? 'required';
    return use === 'none'
      ? null
      : readIdempotencyKey(headers['idempotency-key'], { required: use === 'required' });
  }

  private async carryOut(attempt: Attempt, next: CallHandler): Promise<unknown> {
    try {
      const answer = await attemptScope.run(attempt, () => answerOf(next));
      await this.book.finished(attempt);
      return answer;
    } catch (error) {
      await this.book.failed(attempt, error);
      throw error;
    }
  }
}

const answerOf = (next: CallHandler): Promise<unknown> =>
  lastValueFrom(next.handle(), { defaultValue: undefined });

/** A repeat is answered 200 where the first was 201 or 202; one without content stays without. */
function markReplayed(reply: FastifyReply): void {
  void reply.header('idempotency-replayed', 'true');
  if (reply.statusCode !== 204) void reply.code(200);
}
