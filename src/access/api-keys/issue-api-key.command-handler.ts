import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../kernel/clock.js';
import { RandomSource } from '../../kernel/ids.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import type { AccessRejection } from '../access.rejections.js';
import { mintApiKey } from './api-key.js';
import { ApiKeyStore } from './api-key.store.js';
import { IssueApiKey, type IssuedApiKey } from './issue-api-key.command.js';

const refuse = (code: AccessRejection) => new RuleViolation(reject(code));

@CommandHandler(IssueApiKey)
export class IssueApiKeyHandler implements ICommandHandler<IssueApiKey> {
  constructor(
    private readonly store: ApiKeyStore,
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {}

  async execute({ fields }: IssueApiKey): Promise<IssuedApiKey> {
    const issuedAt = this.clock.now();
    if (fields.permissions.length === 0) throw refuse('no_permissions');
    if (fields.expiresAt !== null && fields.expiresAt <= issuedAt) {
      throw refuse('expiry_in_the_past');
    }
    const minted = mintApiKey(fields.mode, this.random);
    const apiKeyId = this.random.uuid();
    const added = await this.store.add({
      api_key_id: apiKeyId,
      merchant_id: fields.merchantId,
      name: fields.name,
      mode: fields.mode,
      prefix: minted.prefix,
      last_four: minted.lastFour,
      secret_hash: minted.hash,
      permissions: [...new Set(fields.permissions)],
      issued_by: fields.issuedBy,
      issued_at: issuedAt,
      expires_at: fields.expiresAt,
    });
    if (!added) throw refuse('unknown_merchant');
    return { apiKeyId, key: minted.text, prefix: minted.prefix, lastFour: minted.lastFour };
  }
}
