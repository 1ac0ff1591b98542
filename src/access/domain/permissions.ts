/** Everything that can be permitted; the list is closed. */
export const PERMISSIONS = [
  'transactions:write',
  'transactions:read',
  'transactions:review',
  'finance:read',
  'finance:close',
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
  'finance:close',
  'admin',
] as const satisfies readonly Permission[];

export const USER_ROLES = ['admin', 'manager', 'cashier', 'viewer'] as const;

export type UserRole = (typeof USER_ROLES)[number];

/**
 * What each role may do. A user who belongs to a merchant does it to that merchant's claims alone and is never an
 * admin; claims are submitted by a merchant's cashier, since staff of the operator has no orders of its own.
 */
export const PERMISSIONS_OF_ROLE: Readonly<Record<UserRole, readonly Permission[]>> = {
  admin: [
    'self',
    'transactions:read',
    'transactions:review',
    'finance:read',
    'finance:close',
    'webhooks:manage',
    'admin',
  ],
  manager: [
    'self',
    'transactions:read',
    'transactions:review',
    'finance:read',
    'finance:close',
    'webhooks:manage',
  ],
  cashier: ['self', 'transactions:write', 'transactions:read'],
  viewer: ['self', 'transactions:read', 'finance:read'],
};
