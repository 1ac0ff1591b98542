import { MAIL_KINDS } from './mail.js';
import { writeMail } from './mail-texts.js';

const FACTS = {
  at: '2026-01-31T12:00:00.000Z',
  network: '203.0.…',
  device: 'Firefox, Linux',
  left: 9,
  endpoint: 'e1',
  merchant: 'Panadería',
  review: 2,
  rejected: 3,
};

describe('writing mails', () => {
  it.each(MAIL_KINDS)('has words in both languages for %s', (kind) => {
    const [english, spanish] = [writeMail(kind, FACTS, 'en'), writeMail(kind, FACTS, 'es')];
    expect(english.subject).not.toBe(spanish.subject);
    for (const { subject, text, html } of [english, spanish]) {
      expect(subject.length).toBeGreaterThan(10);
      expect(text + html).not.toMatch(/[{}]|undefined/);
    }
  });

  it('tells when, in the time of everybody', () => {
    expect(writeMail('password_changed', FACTS, 'es').text).toContain('2026-01-31 12:00 UTC');
  });

  it('lets no fact break out of its line or its paragraph', () => {
    const merchant = 'Pan\r\nBcc: all@example.com <script>alert(1)</script> & Co';
    const { subject, text, html } = writeMail('claims_digest', { ...FACTS, merchant }, 'en');
    expect(subject).toBe('Claims that need your attention');
    expect(text).toContain('Pan Bcc: all@example.com');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co');
  });
});
