import {
  isSpanContextValid,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Span,
} from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { traceIdOf } from '../http/trace-parent.js';
import type { SpanTracer } from './span-tracer.js';

// Asked every few seconds by machines; their traces would say nothing. A stream would be one step of many hours.
const UNTRACED = /^\/(livez|readyz|startupz|metrics|health|api\/v1\/(health|stream))/;

/** The caller's place in its own trace; null where the header is missing or malformed. */
function callersContext(header: string | string[] | undefined) {
  const traceId = traceIdOf(header);
  if (traceId === null || typeof header !== 'string') return null;
  const context = { traceId, spanId: header.slice(36, 52), traceFlags: TraceFlags.SAMPLED };
  return isSpanContextValid(context) ? { ...context, isRemote: true } : null;
}

/** Makes a span of every request, in which whatever it leads to has its own. */
export function traceRequests(fastify: FastifyInstance, tracer: SpanTracer): void {
  const spans = new WeakMap<FastifyRequest, Span>();

  fastify.addHook('onRequest', (request, _reply, done) => {
    const route = request.routeOptions.url ?? 'unmatched';
    if (!UNTRACED.test(route)) {
      const span = tracer.start(`${request.method} ${route}`, {
        kind: SpanKind.SERVER,
        parent: callersContext(request.headers.traceparent),
        attributes: {
          'http.request.method': request.method,
          'http.route': route,
          'constancia.request_id': request.id,
        },
      });
      const { traceId, spanId } = span.spanContext();
      // As if the caller had sent it: log lines and events then name this trace whoever began it.
      request.headers.traceparent = `00-${traceId}-${spanId}-01`;
      spans.set(request, span);
    }
    done();
  });

  // Not earlier: what is bound before a body is read is forgotten when its last bytes arrive.
  fastify.addHook('preValidation', (request, _reply, done) => {
    const span = spans.get(request);
    if (span === undefined) done();
    else tracer.within(span, done);
  });

  fastify.addHook('onResponse', (request, reply, done) => {
    const span = spans.get(request);
    span?.setAttribute('http.response.status_code', reply.statusCode);
    if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
    done();
  });
}
