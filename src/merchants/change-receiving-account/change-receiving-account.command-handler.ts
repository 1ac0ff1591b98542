import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { SecurityActs } from '../../access/acts/security-acts.port.js';
import { Clock } from '../../kernel/clock.js';
import { localDateAt } from '../../kernel/local-date.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import { PagoMovilAccounts } from '../add-receiving-account/pago-movil-accounts.js';
import type { AccountCredential } from '../credential-directory.port.js';
import {
  movePagoMovil,
  type AccountOfAffiliate,
  type PagoMovilWish,
} from '../domain/account-change.decisions.js';
import { daysOf } from '../merchant.store.js';
import type { ReceivingAccountRow } from '../merchant.table.js';
import { ChangeReceivingAccount } from './change-receiving-account.command.js';

@CommandHandler(ChangeReceivingAccount)
export class ChangeReceivingAccountHandler implements ICommandHandler<ChangeReceivingAccount> {
  constructor(
    private readonly accounts: PagoMovilAccounts,
    private readonly acts: SecurityActs,
    private readonly clock: Clock,
  ) {}

  async execute(command: ChangeReceivingAccount): Promise<ReceivingAccountRow> {
    const { merchantId, receivingAccountId, version } = command.fields;
    const seen = await this.accounts.store.findAccount(receivingAccountId);
    if (seen === null || seen.merchant_id !== merchantId) throw refuse('not_found');
    return this.accounts.store.inTransaction(async (tx) => {
      const credential = await this.credentialFor(tx, seen, command.fields.credentialId);
      await this.accounts.store.holdPagoMovil(tx, credential);
      const accounts = await this.accounts.store.holdAccounts(tx, [
        ...new Set([...credential.alike, seen.credential_id]),
      ]);
      const row = accounts.find((one) => one.receiving_account_id === receivingAccountId);
      // Moved by somebody else between the two looks.
      if (row === undefined || row.version !== version) {
        throw refuse('version_changed', { version: (row ?? seen).version });
      }
      await this.write(tx, row, accounts, command);
      return this.accounts.store.accountOf(tx, receivingAccountId);
    });
  }

  /** The one it is to have; both are held, in the order of their names, so that two moves never wait for each other. */
  private async credentialFor(
    tx: DatabaseTransaction,
    { bank, credential_id: present }: ReceivingAccountRow,
    wished: string | null,
  ): Promise<AccountCredential> {
    const target = wished ?? present;
    const held = new Map<string, AccountCredential | null>();
    for (const id of [...new Set([present, target])].toSorted()) {
      held.set(id, await this.accounts.credentials.hold(tx, id));
    }
    const credential = held.get(target) ?? null;
    if (credential === null) throw refuse('credential_unknown');
    // Its movements would lie in other slots, where nothing knows what they have proved already.
    if (credential.bank !== bank || (target !== present && !credential.alike.includes(present))) {
      throw refuse('affiliate_differs');
    }
    return credential;
  }

  private async write(
    tx: DatabaseTransaction,
    row: ReceivingAccountRow,
    accounts: readonly ReceivingAccountRow[],
    command: ChangeReceivingAccount,
  ): Promise<void> {
    const { credentialId, receivesPagoMovil } = command.fields;
    const moved =
      receivesPagoMovil === null
        ? []
        : this.moved(row, accounts, { ...command.fields, receives: receivesPagoMovil });
    const isCredentialMoved = credentialId !== null && credentialId !== row.credential_id;
    if (isCredentialMoved) {
      await this.accounts.credentials.left(tx, row.credential_id);
      const own = moved.find(({ id }) => id === row.receiving_account_id) ?? accountOf(row);
      await this.change(tx, row, { ...own, credentialId }, command);
    }
    for (const account of moved) {
      const before = accounts.find((one) => one.receiving_account_id === account.id);
      if (before === undefined || (isCredentialMoved && before === row)) continue;
      await this.change(tx, before, { ...account, credentialId: before.credential_id }, command);
    }
  }

  private moved(
    row: ReceivingAccountRow,
    accounts: readonly ReceivingAccountRow[],
    {
      receives,
      takesPagoMovilFrom: takesFrom,
      pagoMovilOn,
    }: Pick<ChangeReceivingAccount['fields'], 'takesPagoMovilFrom' | 'pagoMovilOn'> &
      Pick<PagoMovilWish, 'receives'>,
  ): readonly AccountOfAffiliate[] {
    const today = localDateAt(this.clock.now());
    const moved = movePagoMovil({
      account: accountOf(row),
      receives,
      takesFrom,
      on: pagoMovilOn ?? today,
      today,
      others: accounts.filter((other) => other !== row).map(accountOf),
      isShared: this.accounts.isShared,
    });
    if ('code' in moved) throw new RuleViolation(moved);
    return moved;
  }

  private async change(
    tx: DatabaseTransaction,
    before: ReceivingAccountRow,
    after: AccountOfAffiliate & { readonly credentialId: string },
    { fields: { reason }, acting }: ChangeReceivingAccount,
  ): Promise<void> {
    await this.accounts.store.changeAccount(tx, after.id, {
      credential_id: after.credentialId,
      receives_pago_movil: after.receives,
      pago_movil_days: JSON.stringify(after.days),
      version: before.version + 1,
    });
    const act = {
      act: 'receiving_account.changed' as const,
      subject: `receiving_account:${after.id}`,
      merchantId: before.merchant_id,
      particulars: {
        why: reason,
        'credentialId.before': before.credential_id,
        'credentialId.after': after.credentialId,
        'receivesPagoMovil.before': before.receives_pago_movil,
        'receivesPagoMovil.after': after.receives,
        pagoMovilDays: JSON.stringify(after.days),
      },
    };
    await this.acts.record(act, acting, tx);
  }
}

const accountOf = (row: ReceivingAccountRow): AccountOfAffiliate => ({
  id: row.receiving_account_id,
  receives: row.receives_pago_movil,
  days: daysOf(row),
});

const refuse = (
  code: 'not_found' | 'version_changed' | 'credential_unknown' | 'affiliate_differs',
  facts: Record<string, number> = {},
) => new RuleViolation(reject(code, facts));
