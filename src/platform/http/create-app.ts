import type { DynamicModule, INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { SystemRandomSource } from '../../kernel/ids.js';
import type { Configuration } from '../config/config.js';
import { Lifecycle } from '../health/lifecycle.js';
import { StartupLogger } from '../logging/startup-logger.js';
import { Metrics } from '../metrics/metrics.js';
import { ConnectionProblems } from './connection-problems.js';
import { createHttpAdapter } from './http-adapter.js';
import { observeRequests } from './observe-requests.js';
import { serveApiDocument } from './openapi.js';
import { RouteMethods } from './route-methods.js';
import { addSecurityHeaders, corsFor } from './security-headers.js';
import { readServerTls } from './server-tls.js';
import { ServerTlsConfig } from './server-tls.config.js';
import { ServerConfig } from './server.config.js';

const API_PREFIX = 'api/v1';

/** What machines and people find at the root of the address; the last spells the prefix itself, to serve both places. */
const AT_THE_ROOT = [
  'livez',
  'readyz',
  'startupz',
  'health',
  'metrics',
  '.well-known/jwks.json',
  'problems',
  'problems/:code',
  `${API_PREFIX}/health{/*path}`,
];

export interface AppOptions {
  readonly rootModule: DynamicModule;
  readonly configuration: Configuration;
  readonly logger: Logger;
  /** Called with everything made and nothing begun. */
  readonly prepare?: (app: NestFastifyApplication) => void;
}

/** Puts the routes under their prefix, for serving them or for describing them. */
export const placeRoutes = (app: INestApplication): unknown =>
  app.setGlobalPrefix(API_PREFIX, { exclude: AT_THE_ROOT });

/** The whole service, ready to listen and not listening yet. */
export async function createApp(options: AppOptions): Promise<NestFastifyApplication> {
  const { publicUrl, trustedProxies, corsOrigins } = options.configuration.section(ServerConfig);
  const random = new SystemRandomSource();
  const connection = new ConnectionProblems(publicUrl, random);
  const tls = readServerTls(options.configuration.section(ServerTlsConfig));
  const adapter = createHttpAdapter(options.logger, random, connection, { trustedProxies, tls });
  const app = await NestFactory.create<NestFastifyApplication>(options.rootModule, adapter, {
    bodyParser: false,
    bufferLogs: true,
    // Failures are the caller's to report: in one line, with an exit code.
    abortOnError: false,
  });
  app.useLogger(app.get(StartupLogger));
  placeRoutes(app);
  const routes = app.get(RouteMethods);
  adapter.getInstance().addHook('onRoute', ({ url, method }) => routes.add(url, method));
  addSecurityHeaders(adapter.getInstance(), publicUrl);
  if (corsOrigins.length > 0) app.enableCors(corsFor(corsOrigins));
  observeRequests(adapter.getInstance(), connection, {
    logger: options.logger,
    metrics: app.get(Metrics),
    stopping: app.get(Lifecycle).stopping,
  });
  options.prepare?.(app);
  serveApiDocument(app, publicUrl);
  await app.init();
  await adapter.getInstance().ready();
  return app;
}
