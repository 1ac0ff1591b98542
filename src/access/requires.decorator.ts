import { SetMetadata } from '@nestjs/common';

/** Everything that can be permitted; the list is closed. */
export const PERMISSIONS = [
  'transactions:write',
  'transactions:read',
  'transactions:review',
  'finance:read',
  'webhooks:manage',
  'admin',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

export const REQUIRED_PERMISSION = 'constancia:permission';

/** The permission a route asks of its caller. A route without this or `OpenToAll` is refused to everybody. */
export const Requires = (permission: Permission) => SetMetadata(REQUIRED_PERMISSION, permission);
