import { reject, type Rejection } from '../../kernel/rejection.js';

export type ReceivingAccountRejection = 'pago_movil_account_taken';

/** What is known when an account is added. */
export interface PagoMovilQuestion {
  /** Whether the account shall receive Pago Móvil; null leaves it to the rule. */
  readonly asked: boolean | null;
  /** Whether another account of the credential does. */
  readonly isTaken: boolean;
  /** Whether this installation lets accounts of one credential share it. */
  readonly isShared: boolean;
}

/**
 * Whether a new account receives Pago Móvil. A look-up of one names the affiliate and the payer, not the account, so
 * of the accounts of one credential only one may (decision 0050).
 */
export function receivesPagoMovil({
  asked,
  isTaken,
  isShared,
}: PagoMovilQuestion): boolean | Rejection<ReceivingAccountRejection> {
  const isFree = isShared || !isTaken;
  if (asked === true && !isFree) return reject('pago_movil_account_taken');
  return asked ?? isFree;
}
