import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../kernel/clock.js';
import { RandomSource } from '../../kernel/ids.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import { parseAccountNumber } from '../account-number.js';
import type { MerchantRejection } from '../merchant.rejections.js';
import { MerchantStore } from '../merchant.store.js';
import type { ReceivingAccountRow } from '../merchant.table.js';
import {
  AddReceivingAccount,
  type AddedReceivingAccount,
} from './add-receiving-account.command.js';

type Rejection = MerchantRejection | 'unknown_merchant';

const refuse = (code: Rejection, facts: Record<string, string> = {}) =>
  new RuleViolation(reject(code, facts));

@CommandHandler(AddReceivingAccount)
export class AddReceivingAccountHandler implements ICommandHandler<AddReceivingAccount> {
  constructor(
    private readonly store: MerchantStore,
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {}

  async execute({ fields }: AddReceivingAccount): Promise<AddedReceivingAccount> {
    const number = parseAccountNumber(fields.accountNumber);
    if (number === null) throw refuse('account_number_invalid');
    if (number.bank !== fields.bank) throw refuse('account_of_another_bank', { bank: number.bank });
    const particulars = {
      receiving_account_id: fields.receivingAccountId ?? this.random.uuid(),
      merchant_id: fields.merchantId,
      bank: fields.bank,
      account_number: number.digits,
      credential_id: fields.credentialId,
    };
    const added = await this.store.addAccount({
      ...particulars,
      added_by: fields.addedBy,
      added_at: this.clock.now(),
    });
    if (added === null) throw refuse('unknown_merchant');
    if (!added.created && !isSame(added.existing, particulars, fields.receivingAccountId)) {
      throw refuse('receiving_account_taken');
    }
    const account = added.created ? particulars : added.existing;
    return {
      receivingAccountId: account.receiving_account_id,
      created: added.created,
      warnings: number.checkDigitsFit ? [] : ['check_digits_differ'],
    };
  }
}

type Particulars = Pick<
  ReceivingAccountRow,
  'receiving_account_id' | 'merchant_id' | 'account_number' | 'credential_id'
>;

/** Whether a registered account is what the command asks for; the bank follows from the number. */
const isSame = (existing: Particulars, asked: Particulars, givenId: string | null): boolean =>
  existing.merchant_id === asked.merchant_id &&
  existing.account_number === asked.account_number &&
  existing.credential_id === asked.credential_id &&
  (givenId === null || givenId === existing.receiving_account_id);
