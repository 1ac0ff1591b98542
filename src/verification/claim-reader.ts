import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { LocalDate } from '../kernel/local-date.js';
import type { Currency } from '../kernel/money.js';
import type { PaymentClaim } from '../matching/payment-claim.js';
import {
  MerchantDirectory,
  receivedPagoMovilOn,
  type ReceivingAccount,
} from '../merchants/merchant-directory.port.js';
import { PersonalDataVault } from '../platform/personal-data/personal-data.js';
import {
  LoadTransaction,
  type TransactionSoFar,
} from '../transactions/load-transaction/load-transaction.query.js';

/** Puts a claim together again: its words from the log, the payer from the vault, the account from the directory. */
@Injectable()
export class ClaimReader {
  constructor(
    private readonly merchants: MerchantDirectory,
    private readonly vault: PersonalDataVault,
    private readonly queries: QueryBus,
  ) {}

  /** The transaction as its stream tells it now. */
  transaction(transactionId: string): Promise<TransactionSoFar | null> {
    return this.queries.execute(new LoadTransaction(transactionId));
  }

  /** Null when it is not known any more. */
  account(receivingAccountId: string): Promise<ReceivingAccount | null> {
    return this.merchants.receivingAccount(receivingAccountId);
  }

  /** Tells whether a row of that day went to another account: of a Pago Móvil, a look-up does not say to which. */
  async paidToOthers({ claim }: TransactionSoFar): Promise<(day: LocalDate) => boolean> {
    if (claim.kind !== 'pago_movil') return () => false;
    const account = await this.merchants.receivingAccount(claim.receivingAccountId);
    return (day) => account !== null && !receivedPagoMovilOn(account, day);
  }

  /** Null when the receiving account is not known any more. An erased payer is nobody. */
  async read({ claim }: TransactionSoFar): Promise<PaymentClaim | null> {
    const { sealed } = claim.payer;
    const [account, payer] = await Promise.all([
      this.merchants.receivingAccount(claim.receivingAccountId),
      sealed === null ? null : this.vault.open(sealed),
    ]);
    if (account === null) return null;
    return {
      kind: claim.kind,
      originBank: claim.originBank,
      reference: claim.reference,
      amountMinor: BigInt(claim.amountMinor),
      currency: claim.currency as Currency,
      paidOn: claim.paidOn as LocalDate,
      payerPhone: payer?.phone ?? null,
      payerDocument: payer?.document ?? null,
      receivingAccount: account.accountNumber,
    };
  }
}
