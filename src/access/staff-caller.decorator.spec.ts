import type { CallerIdentity } from './caller.decorator.js';
import { staffOnly } from './staff-caller.decorator.js';

const caller = (actor: string, merchantId: string | null): CallerIdentity => ({
  actor,
  merchantId,
  mode: 'live',
  permissions: new Set(['transactions:review']),
});

describe('letting staff decide', () => {
  it('lets people and the operator’s keys through', () => {
    const staff = [caller('user:1', null), caller('user:2', 'm'), caller('api_key:1', null)];

    expect(staff.map((one) => staffOnly(one))).toEqual(staff);
  });

  it('refuses a merchant’s key, whatever it is permitted', () => {
    expect(() => staffOnly(caller('api_key:1', 'm'))).toThrow('not_permitted');
  });
});
