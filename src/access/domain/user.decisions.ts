import { reject, type Rejection } from '../../kernel/rejection.js';
import type { UserRole } from './permissions.js';

/** Whether a person may have such a place; null when nothing speaks against it. */
export function judgeUser({
  role,
  merchantId,
}: {
  readonly role: UserRole | null;
  readonly merchantId: string | null;
}): Rejection<'admin_of_a_merchant' | 'cashier_of_no_merchant'> | null {
  // An admin reaches every merchant, so it belongs to none.
  if (role === 'admin' && merchantId !== null) return reject('admin_of_a_merchant');
  // The operator has no orders of its own to submit.
  if (role === 'cashier' && merchantId === null) return reject('cashier_of_no_merchant');
  return null;
}
