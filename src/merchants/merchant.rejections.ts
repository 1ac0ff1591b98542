import type { ProblemTable } from '../platform/http/problem-codes.js';
import type { AccountChangeRejection } from './domain/account-change.decisions.js';
import type { MerchantRuleRejection } from './domain/merchant.decisions.js';
import type { ReceivingAccountRejection } from './domain/receiving-account.decisions.js';

/** Why a rule about merchants refuses; `unknown_merchant` is worded by context access, which has the same rule. */
export type MerchantRejection =
  | MerchantRuleRejection
  | ReceivingAccountRejection
  | AccountChangeRejection
  | 'affiliate_differs'
  | 'credential_of_another_bank'
  | 'credential_unknown'
  | 'merchant_id_taken'
  | 'receiving_account_taken'
  | 'account_number_invalid'
  | 'account_of_another_bank';

export const merchantProblems: ProblemTable<MerchantRejection> = {
  merchant_id_taken: {
    status: 409,
    title: 'The merchant exists already',
    detail: 'A merchant with this id is registered with other particulars.',
  },
  receiving_account_taken: {
    status: 409,
    title: 'The account is registered already',
    detail:
      'This id or account number is registered with other particulars; an account has one owner and one credential.',
  },
  pago_movil_account_taken: {
    status: 409,
    title: 'Another account receives Pago Móvil',
    detail:
      'Of the accounts of one affiliate one receives Pago Móvil, since the bank does not say which of them was paid. To move it, name the account that receives it now.',
    pointer: '/receives_pago_movil',
  },
  pago_movil_day_out_of_range: {
    status: 422,
    title: 'Pago Móvil cannot move on that day',
    detail: ({ earliest }) =>
      `It can move on ${earliest} at the earliest, since each day belongs to one account, and within a month from today.`,
    pointer: '/pago_movil_on',
  },
  credential_unknown: {
    status: 422,
    title: 'There is no such credential',
    detail: 'No bank is asked under this credential: it is unknown, not tried yet, or retired.',
    pointer: '/credential_id',
  },
  credential_of_another_bank: {
    status: 422,
    title: 'The credential is of another bank',
    detail: 'An account is asked about at its own bank.',
    pointer: '/credential_id',
  },
  affiliate_differs: {
    status: 409,
    title: 'The credential is of another affiliate',
    detail:
      'An account moves between credentials of one affiliate of its bank: under another, a payment that has proved a claim could prove a second one.',
    pointer: '/credential_id',
  },
  account_number_invalid: {
    status: 422,
    title: 'The account number is invalid',
    detail: 'An account number has 20 digits.',
    pointer: '/account_number',
  },
  account_of_another_bank: {
    status: 422,
    title: 'The account belongs to another bank',
    detail: ({ bank }) => `The first four digits of the account number are those of bank ${bank}.`,
    pointer: '/bank',
  },
  tolerance_negative: {
    status: 422,
    title: 'A tolerance is negative',
    detail: 'Tolerances say how far below and above the claimed amount a credit may lie.',
    pointer: '/tolerance',
  },
  match_days_out_of_range: {
    status: 422,
    title: 'The days of matching are out of range',
    detail: 'An expired claim can be matched for 1 to 365 days.',
    pointer: '/match_days',
  },
};
