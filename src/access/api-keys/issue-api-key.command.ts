import { Command } from '@nestjs/cqrs';
import type { Permission } from '../requires.decorator.js';
import type { ApiKeyMode } from './api-key.js';

/** The key as it is handed over. `key` is shown this once and never again. */
export interface IssuedApiKey {
  readonly apiKeyId: string;
  readonly key: string;
  readonly prefix: string;
  readonly lastFour: string;
}

/**
 * Makes a key for a merchant's backend, or for the operator when `merchantId` is null.
 * Refused with `unknown_merchant`, `expiry_in_the_past` or `no_permissions`.
 */
export class IssueApiKey extends Command<IssuedApiKey> {
  constructor(
    readonly fields: {
      readonly merchantId: string | null;
      /** For people, to tell keys apart. */
      readonly name: string;
      readonly mode: ApiKeyMode;
      readonly permissions: readonly Permission[];
      readonly expiresAt: Date | null;
      readonly issuedBy: string;
    },
  ) {
    super();
  }
}
