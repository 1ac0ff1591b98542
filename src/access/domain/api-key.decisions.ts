import { reject, type Rejection } from '../../kernel/rejection.js';
import {
  MERCHANT_KEY_PERMISSIONS,
  OPERATOR_KEY_PERMISSIONS,
  type Permission,
} from './permissions.js';

export type ApiKeyRejection =
  | 'expiry_in_the_past'
  | 'no_permissions'
  | 'permission_not_for_keys'
  | 'key_not_active'
  | 'key_rotated_already';

/** A key as its rules see it. */
export interface ApiKeyLife {
  readonly issuedAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly replacedBy: string | null;
}

export type ApiKeyStatus = 'active' | 'expired' | 'revoked';

/** Whether a key is taken at an instant. */
export function statusOfKey({ expiresAt, revokedAt }: ApiKeyLife, now: Date): ApiKeyStatus {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'active';
}

/** Whether such a key may be made; null when nothing speaks against it. */
export function mayIssue(
  asked: {
    readonly merchantId: string | null;
    readonly permissions: readonly Permission[];
    readonly expiresAt: Date | null;
  },
  now: Date,
): Rejection<ApiKeyRejection> | null {
  if (asked.permissions.length === 0) return reject('no_permissions');
  const allowed: readonly Permission[] =
    asked.merchantId === null ? OPERATOR_KEY_PERMISSIONS : MERCHANT_KEY_PERMISSIONS;
  const beyond = asked.permissions.find((permission) => !allowed.includes(permission));
  if (beyond !== undefined) return reject('permission_not_for_keys', { permission: beyond });
  if (asked.expiresAt !== null && asked.expiresAt <= now) return reject('expiry_in_the_past');
  return null;
}

/** When the old key ends and when the new one does; the new one lives as long as the old one was meant to. */
export function rotate(
  key: ApiKeyLife,
  overlapSeconds: number,
  now: Date,
): Rejection<ApiKeyRejection> | { readonly oldEndsAt: Date; readonly newEndsAt: Date | null } {
  if (key.replacedBy !== null) return reject('key_rotated_already', { apiKeyId: key.replacedBy });
  if (statusOfKey(key, now) !== 'active') return reject('key_not_active');
  const overlapEndsAt = new Date(now.getTime() + overlapSeconds * 1000);
  const oldEndsAt =
    key.expiresAt !== null && key.expiresAt < overlapEndsAt ? key.expiresAt : overlapEndsAt;
  const lifeMs = key.expiresAt === null ? null : key.expiresAt.getTime() - key.issuedAt.getTime();
  return { oldEndsAt, newEndsAt: lifeMs === null ? null : new Date(now.getTime() + lifeMs) };
}
