import { LimitsConfig } from '../../src/access/limits/limits.config.js';
import type { PostgresRequestCounts } from '../../src/access/limits/postgres-request-counts.store.js';
import { RedisConfig } from '../../src/access/limits/redis.config.js';
import { RequestLimits } from '../../src/access/limits/request-limits.js';
import { SharedRequestCounts } from '../../src/access/limits/shared-request-counts.js';
import { SystemClock } from '../../src/kernel/clock.js';
import { Secret } from '../../src/platform/config/secret.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { apiCaller } from '../support/api-caller.js';
import { TestApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { RedisProcess } from '../support/redis-process.js';

// Longer than the test: no window may end in the middle of it.
const FIVE = { requests: 5, seconds: 86_400 };

describe('sharing counts of requests through Redis', () => {
  let redis: RedisProcess;
  const opened: SharedRequestCounts[] = [];

  beforeAll(async () => {
    redis = await RedisProcess.start();
  });

  afterAll(async () => {
    for (const counts of opened) counts.onApplicationShutdown();
    await redis.kill();
  });

  /** One instance of the service, which reaches no database at all. */
  const instance = async () => {
    const metrics = new Metrics();
    const url = new RedisConfig({ url: new Secret(redis.url) });
    const counts = new SharedRequestCounts({} as PostgresRequestCounts, url, metrics);
    opened.push(counts);
    await counts.onApplicationBootstrap();
    const rates = new LimitsConfig({ login: FIVE, register: FIVE, default: FIVE });
    const limits = new RequestLimits(rates, counts, new SystemClock());
    const unshared = async () =>
      Number((await metrics.registry.metrics()).match(/rate_limit_unshared_total (\d+)/)?.[1]);
    // Until it is connected it counts alone.
    await eventually(async () => {
      const before = await unshared();
      await limits.takeExactly('register', `connecting ${opened.length}`);
      return (await unshared()) === before;
    });
    return { limits, unshared };
  };

  it('counts sign-ins over all instances before they are answered', async () => {
    const [one, other] = [await instance(), await instance()];
    const quotas = await Promise.all(
      [one, other, one, other, one, other, one].map(({ limits }) =>
        limits.takeExactly('login', 'a'),
      ),
    );
    expect(quotas.filter(({ allowed }) => allowed)).toHaveLength(5);
    expect((await one.limits.takeExactly('login', 'b')).remaining).toBe(4);
  });

  it('tells the others of the default limit in the background', async () => {
    const [one, other] = [await instance(), await instance()];
    for (let at = 0; at < 4; at += 1) one.limits.take('default', 'c');
    await one.limits.exchange();
    other.limits.take('default', 'c');
    await other.limits.exchange();
    expect(other.limits.take('default', 'c').allowed).toBe(false);
  });

  it('counts alone while Redis is frozen or gone, and with the others once it is back', async () => {
    const { limits, unshared } = await instance();
    const before = await unshared();
    redis.freeze();
    const from = performance.now();
    const quotas = [];
    for (let at = 0; at < 6; at += 1) quotas.push(await limits.takeExactly('login', 'd'));
    expect(quotas.map(({ allowed }) => allowed)).toEqual([true, true, true, true, true, false]);
    expect((performance.now() - from) / 6).toBeLessThan(1_000);
    redis.thaw();
    await redis.kill();
    expect((await limits.takeExactly('login', 'd')).allowed).toBe(false);
    expect((await limits.takeExactly('login', 'e')).remaining).toBe(4);
    expect((await unshared()) - before).toBeGreaterThanOrEqual(8);

    await redis.restart();
    const other = await instance();
    await eventually(async () => {
      const seen = await unshared();
      await limits.takeExactly('login', 'f');
      return (await unshared()) === seen;
    });
    expect((await other.limits.takeExactly('login', 'f')).remaining).toBeLessThan(4);
  });
});

describe('serving while Redis goes away', () => {
  it('limits sign-ins with it and without it, warns once and never fails', async () => {
    const redis = await RedisProcess.start();
    const app = await TestApp.start({
      environment: { ROLES: 'api', REDIS_URL: redis.url, RATE_LIMIT_LOGIN: '3/86400' },
    });
    try {
      const body = { email: 'nobody@example.com', password: 'nothing like it' };
      const login = async () => (await apiCaller(app)('POST', 'auth/login', { body })).status;
      expect([await login(), await login()]).toEqual([401, 401]);
      await redis.kill();
      expect([await login(), await login(), await login()]).toEqual([401, 429, 429]);
      // A busy machine may take a slow Redis for one that is away, and tell when it is back; the same is never told twice.
      const told = app.lines.flatMap((line) => /requests alone|shared again/.exec(line)?.[0] ?? []);
      expect(told.at(-1)).toBe('requests alone');
      expect(told.filter((words, at) => words === told[at - 1])).toEqual([]);
      expect(app.lines.join('\n')).not.toContain('made-up-for-a-test');
      expect((await apiCaller(app)('GET', '/readyz')).status).toBe(200);
    } finally {
      await app.stop();
      await redis.kill();
    }
  });
});
