import { base32, stepOfCode, totpAddress } from './totp.js';

// RFC 6238, appendix B, SHA-1; its eight digits shortened to the last six.
const SECRET = Buffer.from('12345678901234567890');
const at = (seconds: number): Date => new Date(seconds * 1000);
const step = (code: string, seconds: number, lastStep = 0) =>
  stepOfCode(SECRET, code, { lastStep, now: at(seconds) });

describe('reading one-time codes', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
  ])('takes the code of the standard at %d', (seconds, code) => {
    expect(step(code, seconds)).toBe(Math.floor(seconds / 30));
  });

  it('takes a code one step early or late and no further', () => {
    expect(step('081804', 1_111_111_109 + 30)).not.toBeNull();
    expect(step('081804', 1_111_111_109 - 30)).not.toBeNull();
    expect(step('081804', 1_111_111_109 + 60)).toBeNull();
    expect(step('081804', 1_111_111_109 - 90)).toBeNull();
  });

  it('takes a code once', () => {
    const used = step('081804', 1_111_111_109) ?? 0;
    expect(step('081804', 1_111_111_109, used)).toBeNull();
  });

  it.each(['', '08180', '0818044', '08180x', '081805', '０81804'])('refuses %j', (code) => {
    expect(step(code, 1_111_111_109)).toBeNull();
  });
});

describe('handing the secret to an app', () => {
  it('writes it in base32', () => {
    expect(base32(SECRET)).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    expect(totpAddress(SECRET, 'ana@example.com')).toBe(
      'otpauth://totp/Constancia:ana%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Constancia',
    );
  });
});
