import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DatabaseConfig } from '../../platform/config/config.schema.js';
import { FreshLookup } from '../../platform/memory/fresh-lookup.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { ApiKeyDirectory, type KnownApiKey } from './api-key-directory.js';
import { ApiKeyStore } from './api-key.store.js';
import type { ApiKeyRow } from './api-key.table.js';

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

  constructor(store: ApiKeyStore, clock: Clock, metrics: Metrics, config: DatabaseConfig) {
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
}
