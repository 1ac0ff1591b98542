import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../kernel/clock.js';
import { RandomSource } from '../../kernel/ids.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import type { MerchantRejection } from '../merchant.rejections.js';
import { MerchantStore } from '../merchant.store.js';
import { RegisterMerchant, type RegisteredMerchant } from './register-merchant.command.js';

// A year is longer than any bank lists movements.
const MAX_MATCH_DAYS = 365;

const refuse = (code: MerchantRejection) => new RuleViolation(reject(code));

@CommandHandler(RegisterMerchant)
export class RegisterMerchantHandler implements ICommandHandler<RegisterMerchant> {
  constructor(
    private readonly store: MerchantStore,
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {}

  async execute({ fields }: RegisterMerchant): Promise<RegisteredMerchant> {
    if (fields.toleranceUnderMinor < 0n || fields.toleranceOverMinor < 0n) {
      throw refuse('tolerance_negative');
    }
    if (fields.matchDays < 1 || fields.matchDays > MAX_MATCH_DAYS) {
      throw refuse('match_days_out_of_range');
    }
    const particulars = {
      merchant_id: fields.merchantId ?? this.random.uuid(),
      name: fields.name,
      tolerance_under_minor: fields.toleranceUnderMinor,
      tolerance_over_minor: fields.toleranceOverMinor,
      match_days: fields.matchDays,
    };
    const added = await this.store.addMerchant({
      ...particulars,
      registered_by: fields.registeredBy,
      registered_at: this.clock.now(),
    });
    if (!added.created) {
      const { existing } = added;
      const same =
        existing.name === particulars.name &&
        existing.tolerance_under_minor === particulars.tolerance_under_minor &&
        existing.tolerance_over_minor === particulars.tolerance_over_minor &&
        existing.match_days === particulars.match_days;
      if (!same) throw refuse('merchant_id_taken');
    }
    return { merchantId: particulars.merchant_id, created: added.created };
  }
}
