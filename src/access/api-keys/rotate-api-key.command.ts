import { Command } from '@nestjs/cqrs';
import type { ActContext } from '../acts/security-acts.port.js';
import type { ApiKeyRow } from './api-key.table.js';

/** The key that takes the place; its text is null when this very rotation was done before. */
export interface RotatedApiKey {
  readonly row: ApiKeyRow;
  readonly key: string | null;
}

/**
 * Makes a key like another one, which goes on working for the overlap. Refused with `not_found`, `key_not_active` or
 * `key_rotated_already`.
 */
export class RotateApiKey extends Command<RotatedApiKey> {
  constructor(
    readonly fields: {
      readonly merchantId: string;
      readonly apiKeyId: string;
      readonly newApiKeyId: string;
      readonly overlapSeconds: number;
    },
    readonly acting: ActContext,
  ) {
    super();
  }
}
