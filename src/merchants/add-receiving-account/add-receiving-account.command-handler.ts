import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { offline, SecurityActs } from '../../access/acts/security-acts.port.js';
import { Clock } from '../../kernel/clock.js';
import { RandomSource } from '../../kernel/ids.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import { parseAccountNumber } from '../account-number.js';
import type { MerchantRejection } from '../merchant.rejections.js';
import { PagoMovilAccounts } from './pago-movil-accounts.js';
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
    private readonly accounts: PagoMovilAccounts,
    private readonly acts: SecurityActs,
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {}

  async execute(command: AddReceivingAccount): Promise<AddedReceivingAccount> {
    const { fields } = command;
    const number = parseAccountNumber(fields.accountNumber);
    if (number === null) throw refuse('account_number_invalid');
    if (number.bank !== fields.bank) throw refuse('account_of_another_bank', { bank: number.bank });
    const added = await this.accounts.store.inTransaction((tx) =>
      this.add(tx, number.digits, command),
    );
    return { ...added, warnings: number.checkDigitsFit ? [] : ['check_digits_differ'] };
  }

  private async add(
    tx: DatabaseTransaction,
    digits: string,
    { fields, acting }: AddReceivingAccount,
  ): Promise<Omit<AddedReceivingAccount, 'warnings'>> {
    const { merchantId, bank, credentialId } = fields;
    if ((await this.accounts.store.holdMerchant(tx, merchantId)) === null)
      throw refuse('unknown_merchant');
    const { receives, days } = await this.accounts.decide(tx, digits, fields);
    const particulars = {
      receiving_account_id: fields.receivingAccountId ?? this.random.uuid(),
      merchant_id: merchantId,
      bank,
      account_number: digits,
      credential_id: credentialId,
      receives_pago_movil: receives,
    };
    const added = await this.accounts.store.addAccount(tx, {
      ...particulars,
      pago_movil_days: JSON.stringify(days),
      added_by: fields.addedBy,
      added_at: this.clock.now(),
    });
    if (!added.created) {
      if (!isSame(added.existing, particulars, fields)) {
        throw refuse('receiving_account_taken');
      }
      return { receivingAccountId: added.existing.receiving_account_id, created: false };
    }
    const receivingAccountId = particulars.receiving_account_id;
    const act = {
      act: 'receiving_account.added' as const,
      subject: `receiving_account:${receivingAccountId}`,
      merchantId,
      particulars: { bank, credentialId },
    };
    await this.acts.record(act, acting ?? offline(fields.addedBy), tx);
    return { receivingAccountId, created: true };
  }
}

type Particulars = Pick<
  ReceivingAccountRow,
  | 'receiving_account_id'
  | 'merchant_id'
  | 'account_number'
  | 'credential_id'
  | 'receives_pago_movil'
>;

/** Whether a registered account is what the command asks for; the bank follows from the number. */
const isSame = (
  existing: Particulars,
  asked: Particulars,
  { receivingAccountId: givenId, receivesPagoMovil = null }: AddReceivingAccount['fields'],
): boolean =>
  existing.merchant_id === asked.merchant_id &&
  existing.account_number === asked.account_number &&
  existing.credential_id === asked.credential_id &&
  (receivesPagoMovil === null || receivesPagoMovil === existing.receives_pago_movil) &&
  (givenId === null || givenId === existing.receiving_account_id);
