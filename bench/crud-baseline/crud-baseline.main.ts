// A plain NestJS CRUD service with the same input, validation and keys: what the event-sourced one is compared with.
import { Body, Controller, Module, Post, Req, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { hashApiKey } from '../../src/access/api-keys/api-key.js';
import { localDateAt } from '../../src/kernel/local-date.js';
import { readSubmission } from '../../src/transactions/submit-transaction/submit-transaction.request.js';
import { ApiKeyGuard } from './api-key.guard.js';
import { ClaimsStore, type StoredClaim } from './claims.store.js';

@Controller('claims')
@UseGuards(ApiKeyGuard)
class ClaimsController {
  constructor(private readonly store: ClaimsStore) {}

  @Post()
  submit(@Req() request: { merchantId: string }, @Body() body: unknown): Promise<StoredClaim> {
    return this.store.add(request.merchantId, readSubmission(body, localDateAt(new Date())));
  }
}

@Module({ controllers: [ClaimsController], providers: [ClaimsStore, ApiKeyGuard] })
class BaselineModule {}

const { BASELINE_API_KEY: apiKey = '', BASELINE_MERCHANT_ID: merchantId = '' } = process.env;
const app = await NestFactory.create<NestFastifyApplication>(BaselineModule, new FastifyAdapter(), {
  logger: ['error'],
});
app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
const prefix = apiKey.split('_')[2] ?? '';
await app.get(ClaimsStore).prepare({ prefix, hash: hashApiKey(apiKey), merchantId });
await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${JSON.stringify({ ready: true, url: await app.getUrl() })}\n`);
