import { BreachedPasswords, digestOf } from '../../src/access/passwords/breached-passwords.js';
import { BreachedPasswordsConfig } from '../../src/access/passwords/breached-passwords.config.js';
import { SystemClock } from '../../src/kernel/clock.js';
import { readConfiguration } from '../../src/platform/config/config.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { HashRangesServer } from '../support/hash-ranges-server.js';

const BREACHED = 'lluvia sobre el tejado';
const CLEAN = 'nieve sobre el tejado';

describe('asking an address for breached passwords', () => {
  let server: HashRangesServer;
  let metrics: Metrics;

  beforeAll(async () => {
    server = await HashRangesServer.start(BREACHED);
  });

  beforeEach(() => {
    metrics = new Metrics();
    server.behave(null);
  });

  afterAll(() => server.stop());

  const passwords = (more: Record<string, string> = {}): BreachedPasswords => {
    const environment = {
      BREACHED_PASSWORDS_URL: server.url,
      BREACHED_PASSWORDS_TIMEOUT_MS: '10000',
      ...more,
    };
    const configuration = readConfiguration([BreachedPasswordsConfig], environment);
    const config = configuration.section(BreachedPasswordsConfig);
    return new BreachedPasswords(config, new SystemClock(), metrics);
  };
  const counted = async (result: string): Promise<number> => {
    const { values } = await metrics.breachedPasswordChecksTotal.get();
    return values.find(({ labels }) => labels['result'] === result)?.value ?? 0;
  };

  it('tells it five digits of the hash and asks for padding', async () => {
    const before = server.asked.length;
    expect(await passwords().has(BREACHED)).toBe(true);
    expect(await passwords().has(CLEAN)).toBe(false);
    const asked = server.asked.slice(before);
    expect(asked.map(({ path }) => path)).toEqual([
      `/range/${digestOf(BREACHED).slice(0, 5)}`,
      `/range/${digestOf(CLEAN).slice(0, 5)}`,
    ]);
    expect(asked[0]?.headers).toMatchObject({ 'add-padding': 'true' });
    for (const password of [BREACHED, CLEAN]) {
      expect(JSON.stringify(asked)).not.toContain(digestOf(password).slice(5, 11));
    }
    expect([await counted('breached'), await counted('clean')]).toEqual([1, 1]);
  });

  it('takes padding for nothing', async () => {
    const rest = digestOf(CLEAN).slice(5);
    server.behave({ status: 200, body: `${rest}:0\r\n` });
    expect(await passwords().has(CLEAN)).toBe(false);
    server.behave({ status: 200, body: `${rest.toLowerCase()}:1\n` });
    expect(await passwords().has(CLEAN)).toBe(true);
  });

  it.each([
    ['answers 503', { status: 503, body: '' } as const],
    ['leads elsewhere', { status: 302, body: '' } as const],
    ['answers a page', { status: 200, body: '<html></html>' } as const],
    ['answers nothing', { status: 200, body: '' } as const],
    [
      'answers without end',
      { status: 200, body: `${'A'.repeat(35)}:1\r\n`.repeat(40_000) } as const,
    ],
    ['keeps silent', 'silence' as const],
  ])(
    'lets passwords through where it %s, or none where that is the setting',
    async (_, instead) => {
      server.behave(instead);
      const quickly = { BREACHED_PASSWORDS_TIMEOUT_MS: '400' };
      const lenient = passwords(quickly);
      expect(await lenient.has(BREACHED)).toBe(false);
      const strict = passwords({ ...quickly, BREACHED_PASSWORDS_WHEN_AWAY: 'refuse' });
      await expect(strict.has(BREACHED)).rejects.toMatchObject({
        rejection: { code: 'breached_passwords_unavailable' },
      });
      expect(await counted('unavailable')).toBe(2);
    },
  );

  it.each(['http://169.254.169.254/range', 'http://127.0.0.1:9/range'])(
    'gets nothing from %s',
    async (url) => {
      expect(await passwords({ BREACHED_PASSWORDS_URL: url }).has(BREACHED)).toBe(false);
      expect(await counted('unavailable')).toBe(1);
    },
  );

  it('looks nothing up where nothing is configured', async () => {
    const before = server.asked.length;
    expect(await passwords({ BREACHED_PASSWORDS_URL: '' }).has(BREACHED)).toBe(false);
    expect(server.asked).toHaveLength(before);
    expect((await metrics.breachedPasswordChecksTotal.get()).values).toEqual([]);
  });
});
