import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assert } from '../../kernel/assert.js';
import { Clock } from '../../kernel/clock.js';
import { RandomSource } from '../../kernel/ids.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import { SecurityActs } from '../acts/security-acts.port.js';
import { rotate } from '../domain/api-key.decisions.js';
import { lifeOf } from './api-key.resource.js';
import { mintApiKey } from './api-key.js';
import { ApiKeyStore } from './api-key.store.js';
import type { ApiKeyRow } from './api-key.table.js';
import { RotateApiKey, type RotatedApiKey } from './rotate-api-key.command.js';

@CommandHandler(RotateApiKey)
export class RotateApiKeyHandler implements ICommandHandler<RotateApiKey> {
  constructor(
    private readonly store: ApiKeyStore,
    private readonly acts: SecurityActs,
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {}

  execute(command: RotateApiKey): Promise<RotatedApiKey> {
    const { merchantId, apiKeyId, newApiKeyId } = command.fields;
    return this.store.inTransaction(async (tx) => {
      const old = await this.store.hold(tx, merchantId, apiKeyId);
      if (old === null) throw new RuleViolation(reject('not_found'));
      if (old.replaced_by !== newApiKeyId) return this.replace(tx, old, command);
      const row = await this.store.hold(tx, merchantId, newApiKeyId);
      assert(row !== null, 'the key that took the place is there');
      return { row, key: null };
    });
  }

  private async replace(
    tx: DatabaseTransaction,
    old: ApiKeyRow,
    { fields, acting }: RotateApiKey,
  ): Promise<RotatedApiKey> {
    const now = this.clock.now();
    const rotation = rotate(lifeOf(old), fields.overlapSeconds, now);
    if ('outcome' in rotation) throw new RuleViolation(rotation);
    const minted = mintApiKey(old.mode, this.random);
    const row = {
      api_key_id: fields.newApiKeyId,
      merchant_id: old.merchant_id,
      name: old.name,
      mode: old.mode,
      prefix: minted.prefix,
      last_four: minted.lastFour,
      secret_hash: minted.hash,
      permissions: old.permissions,
      issued_by: acting.actor,
      issued_at: now,
      expires_at: rotation.newEndsAt,
    };
    await this.store.add(tx, row);
    await this.store.replace(tx, old.api_key_id, {
      apiKeyId: fields.newApiKeyId,
      endsAt: rotation.oldEndsAt,
    });
    const act = {
      act: 'api_key.rotated' as const,
      subject: `api_key:${old.api_key_id}`,
      merchantId: old.merchant_id,
      particulars: { replacedBy: fields.newApiKeyId, endsAt: rotation.oldEndsAt.toISOString() },
    };
    await this.acts.record(act, acting, tx);
    const unused = { revoked_at: null, revoked_by: null, last_used_at: null, replaced_by: null };
    return { row: { ...row, ...unused }, key: minted.text };
  }
}
