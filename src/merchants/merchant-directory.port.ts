import type { LocalDate } from '../kernel/local-date.js';
import { holdsOn, type PagoMovilDays } from './domain/pago-movil-days.js';

/** A merchant as the rules need it. */
export interface Merchant {
  readonly merchantId: string;
  readonly name: string;
  readonly suspended: boolean;
  readonly toleranceUnderMinor: bigint;
  readonly toleranceOverMinor: bigint;
  /** How long an expired claim is still matched. */
  readonly matchDays: number;
}

/** A merchant's account at a bank, and the credential that may ask about it. */
export interface ReceivingAccount {
  readonly receivingAccountId: string;
  readonly merchantId: string;
  /** The bank's 4 digits. */
  readonly bank: string;
  /** 20 digits. */
  readonly accountNumber: string;
  readonly credentialId: string;
  /** False where another account of the affiliate does: a look-up could not tell them apart. */
  readonly receivesPagoMovil: boolean;
  /** On which days it does and did; left out or empty: since ever, or never. */
  readonly pagoMovilDays?: readonly PagoMovilDays[];
}

/** Whether a Pago Móvil of that day went to the account. */
export function receivedPagoMovilOn(
  {
    receivesPagoMovil,
    pagoMovilDays = [],
  }: Pick<ReceivingAccount, 'receivesPagoMovil' | 'pagoMovilDays'>,
  day: LocalDate,
): boolean {
  return pagoMovilDays.length === 0 ? receivesPagoMovil : holdsOn(pagoMovilDays, day);
}

/** Who the merchants are and which accounts they own; answers from memory where it is fresh enough (a second). */
export abstract class MerchantDirectory {
  abstract merchant(merchantId: string): Promise<Merchant | null>;
  abstract receivingAccount(receivingAccountId: string): Promise<ReceivingAccount | null>;
}
