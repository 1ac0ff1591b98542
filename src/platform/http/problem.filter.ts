import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { rememberProblem } from './problem-of.js';
import { PROBLEM_MEDIA_TYPE } from './problem.js';
import { Problems } from './problems.js';

const OF_SUCCESS = ['etag', 'location', 'preference-applied', 'idempotency-replayed'];

/** Every error becomes an answer here, and nowhere else. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('ProblemFilter');

  constructor(private readonly problems: Problems) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent || reply.raw.headersSent) {
      // The answer is on its way and cannot be taken back; a cut connection tells the caller that it is not whole.
      this.logger.error({ err: error, msg: 'failed after the answer had begun' });
      reply.raw.destroy();
      return;
    }
    const { document, headers } = this.problems.of(error, request);
    const help = `<${document.type}>; rel="help"`;
    // What was said of a success before it failed.
    for (const name of OF_SUCCESS) reply.removeHeader(name);
    rememberProblem(request, document.code);
    void reply
      .code(document.status)
      .headers(headers)
      .header('cache-control', 'no-store')
      .header('link', [reply.getHeader('link') ?? [], help].flat().join(', '))
      .type(PROBLEM_MEDIA_TYPE)
      .send(JSON.stringify(document));
  }
}
