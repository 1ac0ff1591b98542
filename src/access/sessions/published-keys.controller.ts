import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { JWK } from 'jose';
import { z } from 'zod';
import { OpenToAll } from '../../platform/http/open-to-all.decorator.js';
import { LimitedBy } from '../limits/limited-by.decorator.js';
import { AccessTokens } from './access-tokens.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';

const keySet = z
  .object({ keys: z.array(z.looseObject({ kid: z.string() })) })
  .meta({ id: 'KeySet' });

/** The public halves of the signing keys (RFC 7517). */
@ApiTags('auth')
@OpenToAll()
@Controller('.well-known')
export class PublishedKeysController {
  constructor(private readonly tokens: AccessTokens) {}

  @Get('jwks.json')
  @LimitedBy('default')
  @Header('cache-control', 'public, max-age=60')
  @Refuses('database_unavailable')
  @ApiOperation({ operationId: 'getSigningKeys', summary: 'Keys that prove access tokens' })
  @ApiResponse({ status: 200, description: 'Old and new ones overlap.', standardSchema: keySet })
  async keys(): Promise<{ readonly keys: readonly JWK[] }> {
    return { keys: await this.tokens.published() };
  }
}
