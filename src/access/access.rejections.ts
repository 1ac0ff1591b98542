import type { ProblemTable } from '../platform/http/problem-codes.js';

/** Why a rule about keys refuses. */
export type AccessRejection = 'unknown_merchant' | 'expiry_in_the_past' | 'no_permissions';

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
};
