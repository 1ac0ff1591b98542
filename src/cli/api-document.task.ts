import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule, CONFIG_SECTIONS } from '../app.module.js';
import { readConfiguration } from '../platform/config/config.js';
import { LogConfig } from '../platform/config/config.schema.js';
import { placeRoutes } from '../platform/http/create-app.js';
import { apiDocument } from '../platform/http/openapi.js';
import { createLogger } from '../platform/logging/logger.js';
import type { Task } from './task.js';

// Nothing is connected to: the routes are looked at and never served.
const KEY = Buffer.alloc(32).toString('base64');
const PLACEHOLDERS = {
  DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none',
  EVENTSTORE_URL: 'esdb://127.0.0.1:9?tls=false',
  EVENTSTORE_APPEND_THREAD: 'false',
  PERSONAL_DATA_MASTER_KEY: KEY,
  PERSONAL_DATA_INDEX_KEY: KEY,
  BANESCO_BASE_URL: 'http://127.0.0.1:9',
  BANESCO_TOKEN_URL: 'http://127.0.0.1:9/token',
  BANESCO_TRANSACTIONS_PATH: '/transactions',
  BANESCO_CLIENT_ID: 'nobody',
  BANESCO_CLIENT_SECRET: 'nothing',
  BANESCO_AFFILIATE: 'none',
  LOG_LEVEL: 'silent',
};

const PUBLIC_URL = 'https://constancia.invalid';

/** The document as this build would serve it at an address; without one, as it is committed. */
export async function committedDocument(publicUrl = PUBLIC_URL): Promise<string> {
  const configuration = readConfiguration(CONFIG_SECTIONS, PLACEHOLDERS);
  const logger = createLogger(configuration.section(LogConfig));
  const module = AppModule.with(configuration, logger);
  const app = await NestFactory.create(module, new FastifyAdapter(), { logger: false });
  placeRoutes(app);
  return `${JSON.stringify(apiDocument(app, publicUrl), null, 2)}\n`;
}

export const apiDocumentTask: Task = {
  options: {},
  async run() {
    process.stdout.write(await committedDocument());
    return 0;
  },
};
