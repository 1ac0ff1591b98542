import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../kernel/clock.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import { SecurityActs } from '../acts/security-acts.port.js';
import { ApiKeyStore } from './api-key.store.js';
import type { ApiKeyRow } from './api-key.table.js';
import { RevokeApiKey } from './revoke-api-key.command.js';

@CommandHandler(RevokeApiKey)
export class RevokeApiKeyHandler implements ICommandHandler<RevokeApiKey> {
  constructor(
    private readonly store: ApiKeyStore,
    private readonly acts: SecurityActs,
    private readonly clock: Clock,
  ) {}

  execute({ key, acting }: RevokeApiKey): Promise<ApiKeyRow> {
    const { merchantId, apiKeyId } = key;
    return this.store.inTransaction(async (tx) => {
      const row = await this.store.hold(tx, merchantId, apiKeyId);
      if (row === null) throw new RuleViolation(reject('not_found'));
      if (row.revoked_at !== null) return row;
      const at = this.clock.now();
      await this.store.revoke(tx, apiKeyId, acting.actor, at);
      const subject = `api_key:${apiKeyId}`;
      await this.acts.record({ act: 'api_key.revoked', subject, merchantId }, acting, tx);
      return { ...row, revoked_at: at, revoked_by: acting.actor };
    });
  }
}
