import { mayIssue, rotate, statusOfKey, type ApiKeyLife } from './api-key.decisions.js';
import { OPERATOR_KEY_PERMISSIONS, PERMISSIONS, type Permission } from './permissions.js';

const NOW = new Date('2026-03-10T14:00:00.000Z');
const after = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);
const key = (over: Partial<ApiKeyLife> = {}): ApiKeyLife => ({
  issuedAt: after(-3600),
  expiresAt: null,
  revokedAt: null,
  replacedBy: null,
  ...over,
});

describe('telling whether a key is taken', () => {
  it.each([
    [key(), 'active'],
    [key({ expiresAt: after(0.001) }), 'active'],
    [key({ expiresAt: NOW }), 'expired'],
    [key({ expiresAt: after(60), revokedAt: after(-1) }), 'revoked'],
  ])('%o is %s', (life, status) => {
    expect(statusOfKey(life, NOW)).toBe(status);
  });
});

describe('judging a key that is asked for', () => {
  const asked = (permissions: readonly Permission[], merchantId: string | null = 'm') =>
    mayIssue({ merchantId, permissions, expiresAt: null }, NOW);

  it.each(PERMISSIONS)(
    'gives a merchant %s only where it stays with the merchant',
    (permission) => {
      const staysThere = [
        'transactions:write',
        'transactions:read',
        'finance:read',
        'webhooks:manage',
      ].includes(permission);
      expect(asked([permission])?.code ?? 'taken').toBe(
        staysThere ? 'taken' : 'permission_not_for_keys',
      );
    },
  );

  it('gives the operator all but what only a person has', () => {
    expect(asked(OPERATOR_KEY_PERMISSIONS, null)).toBeNull();
    expect(asked(['self'], null)?.code).toBe('permission_not_for_keys');
  });

  it('refuses a key for nothing', () => {
    expect(asked([])?.code).toBe('no_permissions');
  });

  it.each([
    [after(-1), 'expiry_in_the_past'],
    [NOW, 'expiry_in_the_past'],
    [after(1), undefined],
  ])('answers an expiry at %s with %s', (expiresAt, code) => {
    const judged = mayIssue({ merchantId: 'm', permissions: ['finance:read'], expiresAt }, NOW);
    expect(judged?.code).toBe(code);
  });
});

describe('replacing a key', () => {
  it('lets the old one live on for the overlap', () => {
    expect(rotate(key(), 600, NOW)).toEqual({ oldEndsAt: after(600), newEndsAt: null });
  });

  it('ends the old one at once without an overlap', () => {
    expect(rotate(key(), 0, NOW)).toEqual({ oldEndsAt: NOW, newEndsAt: null });
  });

  it('never lengthens the life of the old one, and gives the new one as long a life', () => {
    expect(rotate(key({ expiresAt: after(60) }), 600, NOW)).toEqual({
      oldEndsAt: after(60),
      newEndsAt: after(3660),
    });
  });

  it.each([
    [key({ revokedAt: after(-1) }), 'key_not_active'],
    [key({ expiresAt: NOW }), 'key_not_active'],
    [key({ replacedBy: 'k-2', expiresAt: after(60) }), 'key_rotated_already'],
  ])('refuses %o with %s', (life, code) => {
    expect(rotate(life, 600, NOW)).toMatchObject({ code });
  });
});
