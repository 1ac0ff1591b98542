import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { vettedLogger } from '../logging/logger.js';
import { requestScope, type LoggedScope } from '../logging/request-scope.js';
import type { Metrics } from '../metrics/metrics.js';
import type { ConnectionProblems } from './connection-problems.js';
import { EVENT_STREAM } from './event-stream.js';
import { REQUEST_ID_HEADER } from './request-id.js';
import { traceIdOf } from './trace-parent.js';

/** Stands for every address that no route answers, so that strangers cannot invent label values. */
const UNMATCHED = 'unmatched';

// Asked every few seconds by machines; a line each would drown the rest, and failures have their metric.
const QUIET = new Set(['/livez', '/readyz', '/startupz', '/health', '/metrics', '/api/v1/health']);

// Node's parser lets some thirty methods through; those that no route uses share one label.
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** The pattern of the route, such as `/api/v1/transactions/:id`: bounded, and free of what callers put in. */
const routeOf = (request: FastifyRequest): string => request.routeOptions.url ?? UNMATCHED;

/** What names a request in every line about it. */
function scopeOf({ id, headers }: FastifyRequest): LoggedScope {
  const traceId = traceIdOf(headers.traceparent);
  return traceId === null ? { request_id: id } : { request_id: id, trace_id: traceId };
}

interface Observers {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Aborts when the process stops: answers then ask the caller to open a new connection. */
  readonly stopping: AbortSignal;
}

/** Counts, times and logs every request once, and gives each answer its request id. */
export function observeRequests(
  fastify: FastifyInstance,
  connection: ConnectionProblems,
  { logger, metrics, stopping }: Observers,
): void {
  // Its fields come from closed lists, and request ids are checked when they come in.
  const accessLog = vettedLogger(logger);
  connection.onAnswered = (status) => {
    metrics.httpRequestsTotal.inc({ method: UNMATCHED, route: UNMATCHED, status });
  };

  fastify.addHook('onRequest', (request, reply, done) => {
    metrics.httpRequestsInProgress.inc();
    void reply.header(REQUEST_ID_HEADER, request.id);
    if (stopping.aborted) void reply.header('connection', 'close');
    done();
  });

  // Not earlier: what is bound before a body is read is forgotten when its last bytes arrive.
  fastify.addHook('preValidation', (request, _reply, done) => {
    requestScope.run(scopeOf(request), done);
  });

  const answered = (request: FastifyRequest, reply: FastifyReply): void => {
    const route = routeOf(request);
    const method = METHODS.has(request.method) ? request.method : UNMATCHED;
    const status = reply.statusCode;
    const seconds = reply.elapsedTime / 1000;
    metrics.httpRequestsInProgress.dec();
    metrics.httpRequestsTotal.inc({ method, route, status });
    metrics.httpRequestDurationSeconds.observe({ method, route }, seconds);
    if (!QUIET.has(route)) {
      const duration_ms = Math.round(reply.elapsedTime * 10) / 10;
      accessLog.info({ ...scopeOf(request), method, route, status, duration_ms }, 'answered');
    }
  };

  // A stream of events is answered when it begins: how long somebody listens is no time of ours.
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (isStream(reply)) answered(request, reply);
    done(null, payload);
  });

  fastify.addHook('onResponse', (request, reply, done) => {
    if (!isStream(reply)) answered(request, reply);
    done();
  });
}

const isStream = (reply: FastifyReply): boolean => reply.getHeader('content-type') === EVENT_STREAM;
