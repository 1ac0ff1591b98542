import type { ProblemTable } from '../platform/http/problem-codes.js';
import type { ApiKeyRejection } from './domain/api-key.decisions.js';
import {
  LONGEST_PASSWORD,
  SHORTEST_PASSWORD,
  type PasswordFault,
} from './domain/password.rules.js';

/** Why a rule about keys or people refuses. */
export type AccessRejection =
  | ApiKeyRejection
  | 'admin_of_a_merchant'
  | 'breached_passwords_unavailable'
  | 'cashier_of_no_merchant'
  | 'email_taken'
  | 'own_account'
  | 'password_refused'
  | 'password_unchanged'
  | 'password_wrong'
  | 'sign_in_held'
  | 'sign_in_refused'
  | 'totp_in_use'
  | 'totp_not_in_use'
  | 'totp_required'
  | 'totp_wrong'
  | 'unknown_merchant';

const FAULTS: Readonly<Record<PasswordFault, string>> = {
  too_short: `It needs at least ${SHORTEST_PASSWORD} characters.`,
  too_long: `It may have at most ${LONGEST_PASSWORD} characters.`,
  too_uniform: 'It repeats the same few characters.',
  common: 'It is one of those that everybody tries first.',
  breached:
    'It is among those that became known when others were broken into. Change it wherever you use it.',
  holds_the_name: 'It holds your name, your address or the name of this service.',
};
const faultOf = (fault: unknown): string =>
  Object.entries(FAULTS).find(([name]) => name === fault)?.[1] ?? 'It is too easy to guess.';

export const accessProblems: ProblemTable<AccessRejection> = {
  unknown_merchant: {
    status: 422,
    title: 'There is no such merchant',
    detail: 'The merchant named in the request does not exist.',
    pointer: '/merchant_id',
  },
  expiry_in_the_past: {
    status: 422,
    title: 'The expiry lies in the past',
    detail: 'A key must be valid for some time; leave the expiry out for a key without one.',
    pointer: '/expires_at',
  },
  no_permissions: {
    status: 422,
    title: 'A key needs a permission',
    detail: 'Name at least one permission that the key shall hold.',
    pointer: '/permissions',
  },
  permission_not_for_keys: {
    status: 422,
    title: 'No such key may hold this permission',
    detail: ({ permission }) => `${permission} is for people, or for the operator's own programs.`,
    pointer: '/permissions',
  },
  sign_in_refused: {
    status: 401,
    title: 'The sign-in is refused',
    detail:
      'The address, the password or the code is wrong, a temporary password has ended, or the user is disabled.',
  },
  totp_required: {
    status: 401,
    title: 'A one-time code is required',
    detail: 'Send the code that the authenticator app shows as totp_code.',
    pointer: '/totp_code',
  },
  sign_in_held: {
    status: 429,
    title: 'Too many sign-ins have failed',
    detail: ({ retryAfterSeconds }) => `Try again in ${retryAfterSeconds} seconds.`,
    retryable: true,
  },
  password_wrong: {
    status: 403,
    title: 'The password is wrong',
    detail: 'Your present password proves that it is you.',
  },
  password_refused: {
    status: 422,
    title: 'The password is too easy to guess',
    detail: ({ fault }) => faultOf(fault),
    pointer: ({ field }) => `/${field}`,
  },
  breached_passwords_unavailable: {
    status: 503,
    title: 'The password could not be looked up',
    detail: ({ retryAfterSeconds }) =>
      `The list of passwords that became known cannot be asked, so none is taken. Try again in ${retryAfterSeconds} seconds.`,
    retryable: true,
  },
  password_unchanged: {
    status: 422,
    title: 'The password is the same as before',
    detail: 'Choose another one.',
    pointer: '/new_password',
  },
  totp_in_use: {
    status: 409,
    title: 'One-time codes are in use already',
    detail: 'End them first to begin with another secret.',
  },
  totp_not_in_use: {
    status: 409,
    title: 'One-time codes are not in use',
    detail: 'Nothing stands in for them or resets them before they are begun and confirmed.',
  },
  totp_wrong: {
    status: 422,
    title: 'The code is wrong',
    detail: 'Send the code that the authenticator app shows now, or one of your recovery codes.',
    pointer: '/totp_code',
  },
  own_account: {
    status: 409,
    title: 'This is your own account',
    detail:
      'Nobody takes its own second factor away: change your password at /api/v1/auth/password, end one-time codes at /api/v1/auth/totp/end with a code or a recovery code, or ask another admin.',
  },
  email_taken: {
    status: 409,
    title: 'The address is taken',
    detail: 'A user with this e-mail address exists.',
    pointer: '/email',
  },
  admin_of_a_merchant: {
    status: 422,
    title: 'An admin belongs to no merchant',
    detail: 'Admins reach every merchant; give another role or no merchant.',
    pointer: '/role',
  },
  cashier_of_no_merchant: {
    status: 422,
    title: 'A cashier belongs to a merchant',
    detail: 'Cashiers submit claims for a merchant; name it.',
    pointer: '/merchant_id',
  },
  key_not_active: {
    status: 409,
    title: 'The key is no longer active',
    detail: 'It is revoked or has expired; issue another one.',
  },
  key_rotated_already: {
    status: 409,
    title: 'The key is replaced already',
    detail: ({ apiKeyId }) => `${apiKeyId} took its place; rotate that one.`,
  },
};
