import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { AppModule, CONFIG_SECTIONS } from './app.module.js';
import { plainConnections, refusePlainConnections } from './plain-connections.js';
import { startObservation, type Observation } from './observation.js';
import { readConfiguration, type Configuration } from './platform/config/config.js';
import {
  DatabaseConfig,
  HttpConfig,
  LogConfig,
  NeighboursConfig,
  RolesConfig,
} from './platform/config/config.schema.js';
import { migrateToLatest } from './platform/database/migrator.js';
import { createApp } from './platform/http/create-app.js';
import { exchangeCertificate } from './platform/http/server-tls.js';
import { ServerTlsConfig } from './platform/http/server-tls.config.js';
import { ServerConfig } from './platform/http/server.config.js';
import { startFailure } from './platform/http/start-failure.js';
import { stopServing } from './platform/http/stop-serving.js';
import { LogLevelSwitch } from './platform/logging/log-level-switch.js';
import { createLogger } from './platform/logging/logger.js';

/** Orchestrators kill after ten seconds; a process that knows it hangs ends itself before and says so. */
const STOP_DEADLINE_MS = 9_500;

const say = (line: string): void => void process.stderr.write(`constancia: ${line}\n`);

async function start(
  configuration: Configuration,
  logger: Logger,
  observation: Observation,
): Promise<NestFastifyApplication> {
  if (configuration.section(ServerConfig).migrateOnStart) {
    const ran = await migrateToLatest(configuration.section(DatabaseConfig).url.reveal());
    logger.info({ migrations: ran }, 'migrated');
  }
  const rootModule = AppModule.with(configuration, logger);
  const prepare = (app: NestFastifyApplication): void => observation.prepare(app);
  const app = await createApp({ rootModule, configuration, logger, prepare });
  const { host, port } = configuration.section(HttpConfig);
  // Nest's own listen would log a failure a second time.
  await app.getHttpAdapter().getInstance().listen({ host, port });
  tellOfPlainConnections(configuration, logger);
  logger.info({ roles: configuration.section(RolesConfig).roles }, 'started');
  return app;
}

function tellOfPlainConnections(configuration: Configuration, logger: Logger): void {
  const { plainBecause: because } = configuration.section(NeighboursConfig);
  if (because === '') return;
  const settings = plainConnections(configuration).map(({ setting }) => setting);
  if (settings.length > 0) logger.warn({ settings, because }, 'connections without TLS');
}

/** So that a certificate is exchanged without a restart; a wrong one changes nothing. */
function exchangeCertificateOnSignal(
  app: NestFastifyApplication,
  config: ServerTlsConfig,
  logger: Logger,
): void {
  // A terminal that hangs up ends a process without TLS, as it ends any other.
  if (config.certificateFile === '') return;
  process.on('SIGHUP', () => {
    try {
      exchangeCertificate(app.getHttpServer(), config);
      logger.info('certificate exchanged');
    } catch (error) {
      logger.error({ err: error }, 'the certificate of before stays');
    }
  });
}

function stopOnSignal(stop: () => Promise<void>, logger: Logger): void {
  process.off('SIGTERM', endAtOnce);
  process.off('SIGINT', endAtOnce);
  let stopping = false;
  const stopOnce = (signal: NodeJS.Signals): void => {
    // A second Ctrl-C must not cut short what the first one began.
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'stopping');
    setTimeout(() => {
      say(`not stopped within ${STOP_DEADLINE_MS} ms, giving up`);
      process.exit(1);
    }, STOP_DEADLINE_MS).unref();
    stop().then(
      () => {
        logger.info('stopped');
        process.exit(0);
      },
      (error: unknown) => {
        logger.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stopOnce);
  process.on('SIGINT', stopOnce);
}

// Until it listens nobody was promised anything, so there is nothing to finish.
const endAtOnce = (): never => process.exit(0);

/** Runs until a signal ends it. What keeps it from starting is said in a line each, and in the exit code. */
export async function serve(): Promise<void> {
  process.on('SIGTERM', endAtOnce);
  process.on('SIGINT', endAtOnce);
  try {
    const configuration = readConfiguration(CONFIG_SECTIONS);
    refusePlainConnections(configuration);
    const observation = await startObservation(configuration);
    const { level, pretty } = configuration.section(LogConfig);
    const logger = createLogger({ level, pretty, ...observation.logging });
    const app = await start(configuration, logger, observation);
    const { shutdownDrainMs } = configuration.section(ServerConfig);
    stopOnSignal(async () => {
      await stopServing(app, shutdownDrainMs);
      await observation.close();
    }, logger);
    exchangeCertificateOnSignal(app, configuration.section(ServerTlsConfig), logger);
    // So that a fault is looked at in the process that has it, without a restart that would cure it.
    process.on('SIGUSR2', () => void app.get(LogLevelSwitch).toggle());
  } catch (error) {
    const { lines, exitCode } = startFailure(error);
    for (const line of lines) say(line);
    process.exit(exitCode);
  }
}
