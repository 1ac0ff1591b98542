import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { classifyError } from './classify-error.js';
import { ServerConfig } from './server.config.js';
import { ProblemCatalog } from './problem-catalog.js';
import { PLATFORM_PROBLEMS } from './problem-codes.js';
import { PROBLEM_MEDIA_TYPE, problemDocument } from './problem.js';

/** Every error becomes an answer here, and nowhere else. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('ProblemFilter');

  constructor(
    private readonly catalog: ProblemCatalog,
    private readonly config: ServerConfig,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent || reply.raw.headersSent) {
      // The answer is on its way and cannot be taken back; a cut connection tells the caller that it is not whole.
      this.logger.error({ err: error, msg: 'failed after the answer had begun' });
      reply.raw.destroy();
      return;
    }
    const classified = classifyError(error);
    const known = this.catalog.find(classified.code);
    const code = known === null ? 'internal_error' : classified.code;
    const entry = known ?? PLATFORM_PROBLEMS.internal_error;
    if (entry.status >= 500) this.logger.error({ err: error, msg: `answered ${code}` });

    const document = problemDocument({
      code,
      entry,
      publicUrl: this.config.publicUrl,
      requestId: request.id,
      url: request.originalUrl,
      facts: known === null ? {} : (classified.facts ?? {}),
      errors: classified.errors ?? [],
    });
    void reply
      .code(entry.status)
      .headers(classified.headers ?? {})
      .header('cache-control', 'no-store')
      .type(PROBLEM_MEDIA_TYPE)
      .send(JSON.stringify(document));
  }
}
