import {
  applyDecorators,
  Injectable,
  SetMetadata,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiExtension, ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { ReadModelProgress } from '../projections/read-model-progress.js';
import { POSITION_TOKEN_HEADER, readPositionToken, writePositionToken } from './position-token.js';
import { ProblemError } from './problem.js';

const READ_MODEL = 'constancia:read-model';
/** Said of every list in the API's document, where its introduction explains it. */
const READ_YOUR_WRITES = 'x-read-your-writes';

/** Lets a list wait until it shows what the caller has written. */
@Injectable()
export class ReadYourWrites implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly progress: ReadModelProgress,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const header = http.getRequest<FastifyRequest>().headers[POSITION_TOKEN_HEADER];
    if (header !== undefined) {
      const readModels = this.reflector.get<readonly string[]>(READ_MODEL, context.getHandler());
      const gone = new AbortController();
      http.getResponse<FastifyReply>().raw.once('close', () => gone.abort());
      for (const readModel of readModels) await this.waitFor(readModel, header, gone.signal);
    }
    return next.handle();
  }

  private async waitFor(
    readModel: string,
    header: string | readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    const written = typeof header === 'string' ? readPositionToken(header) : null;
    if (written === null) {
      const reason = 'must be a token as an answer carried it';
      throw new ProblemError('invalid_input', {
        errors: [{ in: 'header', pointer: `/${POSITION_TOKEN_HEADER}`, reason }],
      });
    }
    const behind = await this.progress.waitFor(readModel, written, signal);
    if (behind === null) return;
    throw new ProblemError('read_model_behind', {
      facts: {
        position_token: writePositionToken({ position: behind.reached }),
        behind_seconds: behind.seconds,
      },
      headers: { 'retry-after': '1' },
    });
  }
}

/** Names the read models that a route answers from: with a position token it then waits for that position. */
export const ReadsModel = (...readModels: readonly string[]): MethodDecorator =>
  applyDecorators(
    SetMetadata(READ_MODEL, readModels),
    UseInterceptors(ReadYourWrites),
    ApiExtension(READ_YOUR_WRITES, 'position-token'),
    ApiHeader({
      name: 'Position-Token',
      required: false,
      description:
        'The token of an earlier answer: waits up to two seconds until the list shows that write, else answers 409.',
    }),
  );

/** Says of a list that it is read from where its writes are made, or from the log: it shows them without waiting. */
export const ReadsTruth = (): MethodDecorator => ApiExtension(READ_YOUR_WRITES, 'immediate');
