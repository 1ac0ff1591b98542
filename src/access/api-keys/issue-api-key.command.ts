import { Command } from '@nestjs/cqrs';
import type { ActContext } from '../acts/security-acts.port.js';
import type { Permission } from '../domain/permissions.js';
import type { ApiKeyMode } from './api-key.js';

/** The key as it is handed over. `key` is shown this once and never again. */
export interface IssuedApiKey {
  readonly apiKeyId: string;
  readonly key: string;
  readonly prefix: string;
  readonly lastFour: string;
}

/**
 * Makes a key for a merchant's backend, or for the operator when `merchantId` is null. Refused with `unknown_merchant`,
 * `expiry_in_the_past`, `no_permissions` or `permission_not_for_keys`.
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
      /** Left out: a fresh id is made. */
      readonly apiKeyId?: string;
    },
    /** Left out where no request leads to it. */
    readonly acting: ActContext | null = null,
  ) {
    super();
  }
}
