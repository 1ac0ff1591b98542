/** Everything that can be permitted; the list is closed. */
export const PERMISSIONS = [
  'transactions:write',
  'transactions:read',
  'transactions:review',
  'finance:read',
  'webhooks:manage',
  'admin',
  // What signed-in people may do about themselves; no key holds it.
  'self',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

/** What a key of a merchant may hold: nothing that reaches beyond its merchant, or that a person must decide. */
export const MERCHANT_KEY_PERMISSIONS = [
  'transactions:write',
  'transactions:read',
  'finance:read',
  'webhooks:manage',
] as const satisfies readonly Permission[];

/** Keys of the operator's own programs see every merchant. */
export const OPERATOR_KEY_PERMISSIONS = [
  ...MERCHANT_KEY_PERMISSIONS,
  'transactions:review',
  'admin',
] as const satisfies readonly Permission[];
