import type { ProblemTable } from '../../platform/http/problem-codes.js';

/** Why something is not done to a credential of a bank. */
export type BankCredentialRejection =
  | 'trial_under_way'
  | 'bank_not_configured'
  | 'affiliate_of_sandbox'
  | 'credential_id_taken'
  | 'credential_configured'
  | 'credential_created'
  | 'credential_in_use'
  | 'credential_left_lately'
  | 'credential_retired'
  | 'too_many_credentials';

export const bankCredentialProblems: ProblemTable<BankCredentialRejection> = {
  trial_under_way: {
    status: 409,
    title: 'Other secrets are being tried',
    detail:
      'Secrets that were sent before wait for the bank. Read the credential: its trial says how it ended. Then send yours again.',
    retryable: true,
  },
  bank_not_configured: {
    status: 422,
    title: 'No line to the bank is configured',
    detail:
      'Addresses, time-outs and certificates of a bank come from the configuration; it has no line to this bank.',
    pointer: '/bank',
  },
  affiliate_of_sandbox: {
    status: 422,
    title: 'The affiliate is that of the sandbox',
    detail: 'A row of a sandbox must never be taken for one of the bank: give another affiliate.',
    pointer: '/affiliate',
  },
  credential_id_taken: {
    status: 409,
    title: 'The credential exists already',
    detail:
      'This id is in use, or was until it was retired: claims and permits go on naming it. Choose another.',
    pointer: '/id',
  },
  credential_configured: {
    status: 409,
    title: 'The credential is in the configuration',
    detail: 'What the configuration names is retired there; until then it can be paused.',
  },
  credential_created: {
    status: 409,
    title: 'The configuration has no secrets for it',
    detail:
      'The credential was created here, so that nothing would be left to call with. Send other secrets, or retire it.',
  },
  credential_in_use: {
    status: 409,
    title: 'The credential is in use',
    detail: ({ accounts, open_claims: claims }) =>
      `${accounts} receiving accounts name it and ${claims} open claims wait under it. Move the accounts; the claims end under it.`,
  },
  credential_left_lately: {
    status: 409,
    title: 'An account was moved away a moment ago',
    detail:
      'An instance that has not heard of it may still take a claim under this credential. Retire it some minutes later.',
    retryable: true,
  },
  credential_retired: {
    status: 409,
    title: 'The credential is retired',
    detail: 'Nothing is asked under it any more, and its name is not given again.',
  },
  too_many_credentials: {
    status: 409,
    title: 'There are too many credentials',
    detail: ({ most }) => `At most ${most} can be created; retire those that nobody uses.`,
  },
};
