import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../kernel/clock.js';
import { RandomSource } from '../../kernel/ids.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import { offline, SecurityActs } from '../acts/security-acts.port.js';
import { mayIssue } from '../domain/api-key.decisions.js';
import { mintApiKey } from './api-key.js';
import { ApiKeyStore } from './api-key.store.js';
import { IssueApiKey, type IssuedApiKey } from './issue-api-key.command.js';

@CommandHandler(IssueApiKey)
export class IssueApiKeyHandler implements ICommandHandler<IssueApiKey> {
  constructor(
    private readonly store: ApiKeyStore,
    private readonly acts: SecurityActs,
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {}

  async execute({ fields, acting }: IssueApiKey): Promise<IssuedApiKey> {
    const issuedAt = this.clock.now();
    const refusal = mayIssue(fields, issuedAt);
    if (refusal !== null) throw new RuleViolation(refusal);
    if (!(await this.store.merchantExists(fields.merchantId))) {
      throw new RuleViolation(reject('unknown_merchant'));
    }
    const minted = mintApiKey(fields.mode, this.random);
    const apiKeyId = fields.apiKeyId ?? this.random.uuid();
    await this.store.inTransaction(async (tx) => {
      await this.store.add(tx, {
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
      const act = {
        act: 'api_key.issued' as const,
        subject: `api_key:${apiKeyId}`,
        merchantId: fields.merchantId,
        particulars: { mode: fields.mode, permissions: fields.permissions.join(' ') },
      };
      await this.acts.record(act, acting ?? offline(fields.issuedBy), tx);
    });
    return { apiKeyId, key: minted.text, prefix: minted.prefix, lastFour: minted.lastFour };
  }
}
