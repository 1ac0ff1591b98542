import { Command } from '@nestjs/cqrs';
import type { ActContext } from '../acts/security-acts.port.js';
import type { ApiKeyRow } from './api-key.table.js';

/** Ends a merchant's key for good, on every instance within a second; a revoked one stays as it is. Refused with `not_found`. */
export class RevokeApiKey extends Command<ApiKeyRow> {
  constructor(
    readonly key: { readonly merchantId: string; readonly apiKeyId: string },
    readonly acting: ActContext,
  ) {
    super();
  }
}
