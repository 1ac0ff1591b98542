import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';

import { DatabaseConfig } from '../../platform/config/config.schema.js';
import { FreshLookup } from '../../platform/memory/fresh-lookup.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { ApiKeyDirectory, type KnownApiKey } from './api-key-directory.js';
import { ApiKeyStore } from './api-key.store.js';
import type { ApiKeyRow } from './api-key.table.js';
import type { CallerIdentity } from '../caller.decorator.js';

const known = (row: ApiKeyRow): KnownApiKey => ({
  apiKeyId: row.api_key_id,
  identity: {
    actor: `api_key:${row.api_key_id}`,
    merchantId: row.merchant_id,
    mode: row.mode,
    permissions: new Set(row.permissions),
  },
  secretHash: row.secret_hash,
  expiresAt: row.expires_at,
  revoked: row.revoked_at !== null,
});

/** The directory over Postgres, answered from memory so that a request does not wait for it. */
@Injectable()
export class StoredApiKeyDirectory extends ApiKeyDirectory {
  private readonly byPrefix: FreshLookup<KnownApiKey | null>;

  constructor(
    private readonly store: ApiKeyStore,
    private readonly clock: Clock,
    metrics: Metrics,
    config: DatabaseConfig,
  ) {
    super();
    const load = async (prefix: string): Promise<KnownApiKey | null> => {
      const row = await store.findByPrefix(prefix);
      return row === null ? null : known(row);
    };
    this.byPrefix = new FreshLookup(
      { name: 'api_key', load, bridgeOutageMs: config.outageBridgeMs },
      clock,
      metrics,
    );
  }

  find(prefix: string): Promise<KnownApiKey | null> {
    return this.byPrefix.get(prefix);
  }

  async review(apiKeyIds: readonly string[]): Promise<ReadonlyMap<string, CallerIdentity>> {
    const keys = (await this.store.findAll(apiKeyIds)).map(known);
    const now = this.clock.now();
    return new Map(
      keys
        .filter((key) => !key.revoked && (key.expiresAt === null || key.expiresAt > now))
        .map(({ apiKeyId, identity }) => [apiKeyId, identity]),
    );
  }
}
