import { mailOf, maskedAddress } from './act-mails.js';

const USER = '5a0ff1d5-6f4c-4f0c-8a6e-1f2e3d4c5b6a';
const MERCHANT = '9c1c3c5d-0c6d-4df0-9b62-0a1b2c3d4e5f';
type Act = Parameters<typeof mailOf>[0];

const anAct = (act: string, more: Partial<Act> = {}): Act => ({
  act,
  subject: `user:${USER}`,
  merchantId: null,
  address: '203.0.113.7',
  result: 'done',
  reason: null,
  particulars: {},
  at: '2026-01-31T12:00:00.000Z',
  ...more,
});

describe('telling people of acts', () => {
  it.each([
    [
      'session.started',
      { from_new_network: true, from_new_agent: false },
      'sign_in_from_new_place',
    ],
    [
      'session.started',
      { from_new_network: false, from_new_agent: true },
      'sign_in_from_new_place',
    ],
    ['user.password_changed', {}, 'password_changed'],
    ['user.password_reset', {}, 'password_reset'],
    ['user.totp_changed', { inUse: true }, 'totp_begun'],
    ['user.totp_changed', { inUse: false }, 'totp_ended'],
    ['user.totp_reset', {}, 'totp_reset'],
    ['user.recovery_codes_made', { count: 10 }, 'recovery_codes_made'],
    ['user.recovery_code_used', { left: 9 }, 'recovery_code_used'],
    ['session.reuse_detected', {}, 'session_reuse_detected'],
  ] as const)('tells of %s with %j', (act, particulars, kind) => {
    expect(mailOf(anAct(act, { particulars }))).toMatchObject({ to: { user: USER }, kind });
  });

  it.each([
    ['session.started', { from_new_network: false, from_new_agent: false }],
    ['session.ended', {}],
    ['user.changed', {}],
  ])('keeps quiet about %s with %j', (act, particulars) => {
    expect(mailOf(anAct(act, { particulars }))).toBeNull();
  });

  it('tells masked facts and nothing else', () => {
    const particulars = { from_new_network: true, session: 'x', device: 'Firefox, Linux' };
    expect(mailOf(anAct('session.started', { particulars }))?.facts).toEqual({
      at: '2026-01-31T12:00:00.000Z',
      network: '203.0.…',
      device: 'Firefox, Linux',
    });
  });

  it("tells a merchant's contact of a webhook endpoint that was disabled", () => {
    const act = anAct('webhook_endpoint.disabled', {
      subject: 'webhook_endpoint:e1',
      merchantId: MERCHANT,
    });
    expect(mailOf(act)).toMatchObject({ to: { merchant: MERCHANT }, facts: { endpoint: 'e1' } });
    expect(mailOf({ ...act, merchantId: null })).toBeNull();
  });

  it.each([
    ['203.0.113.7', '203.0.…'],
    ['::ffff:203.0.113.7', '203.0.…'],
    ['2001:db8:1:2::3', '2001:db8:…'],
    [null, '-'],
    ['socket', '-'],
  ])('masks %s as %s', (address, masked) => {
    expect(maskedAddress(address)).toBe(masked);
  });
});
