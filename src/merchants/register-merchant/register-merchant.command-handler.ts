import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { offline, SecurityActs } from '../../access/acts/security-acts.port.js';
import { Clock } from '../../kernel/clock.js';
import { RandomSource } from '../../kernel/ids.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import { judgeTerms } from '../domain/merchant.decisions.js';
import { MerchantStore } from '../merchant.store.js';
import type { MerchantRow } from '../merchant.table.js';
import { RegisterMerchant, type RegisteredMerchant } from './register-merchant.command.js';

@CommandHandler(RegisterMerchant)
export class RegisterMerchantHandler implements ICommandHandler<RegisterMerchant> {
  constructor(
    private readonly store: MerchantStore,
    private readonly acts: SecurityActs,
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {}

  async execute({ fields, acting }: RegisterMerchant): Promise<RegisteredMerchant> {
    const refusal = judgeTerms(fields);
    if (refusal !== null) throw new RuleViolation(refusal);
    const merchantId = fields.merchantId ?? this.random.uuid();
    const particulars = {
      name: fields.name,
      tolerance_under_minor: fields.toleranceUnderMinor,
      tolerance_over_minor: fields.toleranceOverMinor,
      match_days: fields.matchDays,
      contact_email: fields.contactEmail ?? null,
    };
    return this.store.inTransaction(async (tx) => {
      const added = await this.store.addMerchant(tx, {
        merchant_id: merchantId,
        ...particulars,
        registered_by: fields.registeredBy,
        registered_at: this.clock.now(),
      });
      if (!added.created) {
        if (isSame(added.existing, particulars)) return { merchantId, created: false };
        throw new RuleViolation(reject('merchant_id_taken'));
      }
      const subject = `merchant:${merchantId}`;
      const act = { act: 'merchant.registered' as const, subject, merchantId };
      await this.acts.record(act, acting ?? offline(fields.registeredBy), tx);
      return { merchantId, created: true };
    });
  }
}

const isSame = (existing: MerchantRow, asked: Partial<MerchantRow>): boolean =>
  existing.name === asked.name &&
  existing.tolerance_under_minor === asked.tolerance_under_minor &&
  existing.tolerance_over_minor === asked.tolerance_over_minor &&
  existing.match_days === asked.match_days &&
  existing.contact_email === asked.contact_email;
