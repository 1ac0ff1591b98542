import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Configuration } from './platform/config/config.js';
import { RolesConfig } from './platform/config/config.schema.js';
import type { LoggerOptions } from './platform/logging/logger.js';
import { SentryConfig, TracingConfig } from './platform/tracing/tracing.config.js';

/** Traces and reports of errors, as far as they are configured. */
export interface Observation {
  /** What the logger is told to do besides. */
  readonly logging: Pick<LoggerOptions, 'onError'>;
  /** Wraps what is traced, before anything begins. */
  prepare(app: NestFastifyApplication): void;
  /** Sends what is left. */
  close(): Promise<void>;
}

/** Loads only what is configured: without an address nothing of it is in memory and nothing is wrapped. */
export async function startObservation(configuration: Configuration): Promise<Observation> {
  const [tracing, sentry] = await Promise.all([
    tracingOf(configuration),
    sentryOf(configuration.section(SentryConfig)),
  ]);
  return {
    logging: sentry === null ? {} : { onError: (error, request) => sentry.report(error, request) },
    prepare: (app) => tracing?.wrap(app),
    async close() {
      // Nobody waits for a receiver that is away: what could not be sent is lost, and was only for looking at.
      await Promise.allSettled([tracing?.close(), sentry?.close()]);
    },
  };
}

async function tracingOf(configuration: Configuration) {
  const config = configuration.section(TracingConfig);
  if (config.url === '') return null;
  const [{ SpanTracer }, { traceApp }] = await Promise.all([
    import('./platform/tracing/span-tracer.js'),
    import('./trace-app.js'),
  ]);
  const tracer = new SpanTracer(config, configuration.section(RolesConfig).roles);
  return {
    wrap: (app: NestFastifyApplication) => traceApp(app, tracer, config),
    close: () => tracer.close(),
  };
}

async function sentryOf(config: SentryConfig) {
  if (config.dsn.reveal() === '') return null;
  const { SentryReporter } = await import('./platform/tracing/sentry-reporter.js');
  return new SentryReporter(config);
}
