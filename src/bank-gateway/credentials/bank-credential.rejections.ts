import type { ProblemTable } from '../../platform/http/problem-codes.js';

/** Why something is not done to a credential of a bank. */
export type BankCredentialRejection = 'trial_under_way';

export const bankCredentialProblems: ProblemTable<BankCredentialRejection> = {
  trial_under_way: {
    status: 409,
    title: 'Other secrets are being tried',
    detail:
      'Secrets that were sent before wait for the bank. Read the credential: its trial says how it ended. Then send yours again.',
    retryable: true,
  },
};
