import { USER_ROLES, type UserRole } from './permissions.js';
import { judgeUser } from './user.decisions.js';

const EXPECTED: Record<UserRole, { readonly merchant?: string; readonly staff?: string }> = {
  admin: { merchant: 'admin_of_a_merchant' },
  manager: {},
  cashier: { staff: 'cashier_of_no_merchant' },
  viewer: {},
};

describe('giving a person a place', () => {
  it.each(USER_ROLES)('knows where a %s belongs', (role) => {
    expect(judgeUser({ role, merchantId: 'm' })?.code).toBe(EXPECTED[role].merchant);
    expect(judgeUser({ role, merchantId: null })?.code).toBe(EXPECTED[role].staff);
  });

  it('takes people without a role anywhere', () => {
    expect(judgeUser({ role: null, merchantId: null })).toBeNull();
  });
});
