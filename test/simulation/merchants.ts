import { uuidFrom } from '../../src/kernel/ids.js';
import {
  type Merchant,
  MerchantDirectory,
  type ReceivingAccount,
} from '../../src/merchants/merchant-directory.port.js';
import type { Account } from './plots.js';

const MATCHED_FOR_DAYS = 1;

/** Made-up accounts of made-up merchants, all of one affiliate. */
export function accountsFor(accounts: number, merchants: number): [Account, ...Account[]] {
  const account = (at: number): Account => ({
    receivingAccountId: uuidFrom('simulated account', String(at)),
    merchantId: uuidFrom('simulated merchant', String(at % merchants)),
    accountNumber: `0134000160${String(at + 1).padStart(10, '0')}`,
  });
  return [account(0), ...Array.from({ length: accounts - 1 }, (_, at) => account(at + 1))];
}

/** The directory of a simulated world. */
export class SimulatedMerchants extends MerchantDirectory {
  private readonly byId: ReadonlyMap<string, Account>;

  constructor(
    accounts: readonly Account[],
    private readonly options: {
      readonly credentialId: string;
      readonly toleranceMinor: bigint;
    },
  ) {
    super();
    this.byId = new Map(accounts.map((account) => [account.receivingAccountId, account]));
  }

  accountNumber(receivingAccountId: string): string {
    return this.byId.get(receivingAccountId)?.accountNumber ?? '';
  }

  merchant(merchantId: string): Promise<Merchant> {
    return Promise.resolve({
      merchantId,
      name: 'made up',
      suspended: false,
      toleranceUnderMinor: this.options.toleranceMinor,
      toleranceOverMinor: this.options.toleranceMinor,
      matchDays: MATCHED_FOR_DAYS,
    });
  }

  receivingAccount(receivingAccountId: string): Promise<ReceivingAccount | null> {
    const account = this.byId.get(receivingAccountId);
    const { credentialId } = this.options;
    return Promise.resolve(
      account === undefined
        ? null
        : { ...account, bank: '0134', credentialId, receivesPagoMovil: true },
    );
  }
}
