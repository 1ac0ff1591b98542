import { WidelyUsedPasswords } from './widely-used-passwords.js';
import { PasswordHasher } from './password-hasher.js';

describe('keeping passwords', () => {
  const hasher = new PasswordHasher();

  it('knows the password again and no other', async () => {
    const known = await hasher.hash('correct horse battery');
    expect(known).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hasher.matches('correct horse battery', known)).toBe(true);
    expect(await hasher.matches('correct horse batterz', known)).toBe(false);
  });

  it('never makes the same hash twice', async () => {
    expect(await hasher.hash('the same one')).not.toBe(await hasher.hash('the same one'));
  });

  it('takes the same letters in another spelling', async () => {
    const known = await hasher.hash('ma\u00f1ana ser\u00e1 otro');
    expect(await hasher.matches('man\u0303ana sera\u0301 otro', known)).toBe(true);
  });

  it('refuses everything where there is no hash', async () => {
    expect(await hasher.matches('nobody has this password', null)).toBe(false);
  });

  it('gets through more at once than it does at once', async () => {
    const hashes = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((word) => hasher.hash(word)));
    expect(new Set(hashes).size).toBe(5);
  });
});

describe('knowing common passwords', () => {
  it('finds those that everybody tries', async () => {
    const words = new WidelyUsedPasswords();
    expect(await words.has('123456')).toBe(true);
    expect(await words.has('lluvia sobre el tejado')).toBe(false);
  });
});
