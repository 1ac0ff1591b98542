import { FastifyAdapter } from '@nestjs/platform-fastify';
import { LogController } from 'fastify';
import type { SecureContextOptions } from 'node:tls';
import type { Logger } from 'pino';
import type { RandomSource } from '../../kernel/ids.js';
import { honourBodyLimits } from './body-limit.decorator.js';
import type { ConnectionProblems } from './connection-problems.js';
import { acceptOnlyJson } from './json-body.js';
import { requestIdOf } from './request-id.js';

/** A submission is below 4 KiB; bulk routes raise the limit for themselves. */
const BODY_LIMIT_BYTES = 64 * 1024;
/** The longest id is a UUID; the rest is room for slots and cursors. */
const MAX_PARAM_LENGTH = 128;
/** A caller slower than this holds a connection and sends nothing of use. */
const REQUEST_TIMEOUT_MS = 30_000;

/** Fastify as this service runs it: bounded in every direction, with problems where it would write its own errors. */
export function createHttpAdapter(
  logger: Logger,
  random: RandomSource,
  connection: ConnectionProblems,
  {
    trustedProxies,
    tls,
  }: {
    readonly trustedProxies: readonly string[];
    /** Null: plain HTTP. */
    readonly tls: SecureContextOptions | null;
  },
): FastifyAdapter {
  // Untyped: the types know a server with TLS as another one, whose requests and answers are the same.
  const secure: object = tls === null ? {} : { https: tls };
  const adapter = new FastifyAdapter({
    ...secure,
    loggerInstance: logger,
    // One line of our own per request instead of Fastify's two.
    logController: new LogController({ disableRequestLogging: true }),
    // A child per request would cost more than it says; `requestScope` names the request in every line.
    childLoggerFactory: () => logger,
    genReqId: requestIdOf(random),
    // Whoever is not listed cannot choose the address that it is counted and written down by.
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    // What arrives on an open connection while we stop is still answered; readiness turned balancers away before.
    return503OnClosing: false,
    frameworkErrors: connection.frameworkErrors,
    clientErrorHandler: connection.clientErrorHandler,
  });
  acceptOnlyJson(adapter.getInstance());
  honourBodyLimits(adapter.getInstance());
  return adapter;
}
