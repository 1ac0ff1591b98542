import type { ProblemTable } from '../platform/http/problem-codes.js';
import type { ApiKeyRejection } from './domain/api-key.decisions.js';

/** Why a rule about keys refuses. */
export type AccessRejection = ApiKeyRejection | 'unknown_merchant';

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
