import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { RandomSource } from '../../kernel/ids.js';
import { classifyFrameworkError } from './classify-error.js';
import { PLATFORM_PROBLEMS, type PlatformProblemCode } from './problem-codes.js';
import { PROBLEM_MEDIA_TYPE, problemDocument, type ProblemDocument } from './problem.js';
import { REQUEST_ID_HEADER } from './request-id.js';

/** Node's parser errors, for bytes that never become a request. */
const BY_PARSER_CODE: Readonly<Record<string, PlatformProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

// The peer is gone, so there is nobody to answer.
const GONE = new Set(['ECONNRESET', 'EPIPE']);

/** Answers what fails before any route, hook or filter is reached. */
export class ConnectionProblems {
  constructor(
    private readonly publicUrl: string,
    private readonly random: RandomSource,
  ) {}

  /** Told of every answer, since no hook sees these. */
  onAnswered: (status: number) => void = () => {};

  /** For addresses that the router cannot read. */
  readonly frameworkErrors = (
    error: FastifyError,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void => {
    const code = classifyFrameworkError(error) ?? 'internal_error';
    const document = this.document(code, request.id, request.raw.url ?? '');
    this.onAnswered(document.status);
    void reply
      .code(document.status)
      .header(REQUEST_ID_HEADER, document.request_id)
      .type(PROBLEM_MEDIA_TYPE)
      .send(JSON.stringify(document));
  };

  /** For bytes that are no HTTP, headers beyond the limit and callers too slow to finish a request. */
  readonly clientErrorHandler = (error: Error & { code?: string }, socket: Socket): void => {
    if (socket.destroyed || !socket.writable || GONE.has(error.code ?? '')) {
      socket.destroy();
      return;
    }
    const code = BY_PARSER_CODE[error.code ?? ''] ?? 'malformed_request';
    const document = this.document(code, this.random.uuid(), '');
    this.onAnswered(document.status);
    const body = JSON.stringify(document);
    const head = [
      `HTTP/1.1 ${document.status} ${document.title}`,
      `Content-Type: ${PROBLEM_MEDIA_TYPE}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      `${REQUEST_ID_HEADER}: ${document.request_id}`,
      'Connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  };

  private document(code: PlatformProblemCode, requestId: string, url: string): ProblemDocument {
    return problemDocument({
      code,
      entry: PLATFORM_PROBLEMS[code],
      publicUrl: this.publicUrl,
      requestId,
      url,
    });
  }
}
