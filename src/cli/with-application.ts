import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule, CONFIG_SECTIONS } from '../app.module.js';
import { readConfiguration } from '../platform/config/config.js';
import { LogConfig } from '../platform/config/config.schema.js';
import { createLogger } from '../platform/logging/logger.js';

/** The whole service without a port and without work of its own: a second projector or verifier would get in the way. */
export async function withApplication<T>(
  work: (app: INestApplicationContext) => Promise<T>,
): Promise<T> {
  const quiet = {
    ...process.env,
    ROLES: 'api',
    LOG_LEVEL: 'error',
    // For the few appends of a command a thread is not worth starting.
    EVENTSTORE_APPEND_THREAD: 'false',
  };
  const configuration = readConfiguration(CONFIG_SECTIONS, quiet);
  const logger = createLogger(configuration.section(LogConfig));
  const app = await NestFactory.createApplicationContext(AppModule.with(configuration, logger), {
    logger: ['error', 'warn'],
  });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}
