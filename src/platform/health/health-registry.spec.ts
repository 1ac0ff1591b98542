import { TestClock } from '../../../test/support/test-clock.js';
import { HealthRegistry, type HealthFinding } from './health-registry.js';

const stage = () => {
  const clock = new TestClock();
  return { clock, registry: new HealthRegistry(clock) };
};

const seeing = (finding: HealthFinding) => () => Promise.resolve(finding);

describe('reporting health', () => {
  it('passes when there is nothing to look at', async () => {
    expect((await stage().registry.report()).status).toBe('pass');
  });

  it('is as bad as the worst finding', async () => {
    const { registry } = stage();
    registry.register({ name: 'fine', advisory: false, look: seeing({ status: 'pass' }) });
    registry.register({ name: 'slow', advisory: false, look: seeing({ status: 'warn' }) });
    expect((await registry.report()).status).toBe('warn');
    registry.register({ name: 'gone', advisory: false, look: seeing({ status: 'fail' }) });
    const fresh = stage().registry;
    fresh.register({ name: 'gone', advisory: false, look: seeing({ status: 'fail' }) });
    fresh.register({ name: 'slow', advisory: false, look: seeing({ status: 'warn' }) });
    expect((await fresh.report()).status).toBe('fail');
  });

  it('only warns when what it leans on by choice is gone', async () => {
    const { registry } = stage();
    registry.register({
      name: 'bank',
      advisory: true,
      look: seeing({ status: 'fail', reason: 'maintenance' }),
    });
    const report = await registry.report();
    expect(report.status).toBe('warn');
    expect(report.findings['bank']).toEqual({ status: 'warn', reason: 'maintenance' });
  });

  it('takes an error for a failure and shows its kind, not its words', async () => {
    const { registry } = stage();
    registry.register({
      name: 'database',
      advisory: false,
      look: () => Promise.reject(new TypeError('password for app at 10.0.0.7 is hunter2')),
    });
    expect((await registry.report()).findings['database']).toEqual({
      status: 'fail',
      reason: 'unavailable (TypeError)',
    });
  });

  it('does not wait for ever', async () => {
    const { registry } = stage();
    const look = () => new Promise<never>(() => {});
    registry.register({ name: 'stuck', advisory: false, withinMs: 5, look });
    expect((await registry.report()).findings['stuck']?.reason).toBe('no answer within 5 ms');
  });

  it('looks once for probers that come together, and again after half a second', async () => {
    const { registry, clock } = stage();
    let looks = 0;
    registry.register({
      name: 'counted',
      advisory: false,
      look: () => {
        looks += 1;
        return Promise.resolve({ status: 'pass' });
      },
    });
    await Promise.all([registry.report(), registry.report()]);
    clock.advance(499);
    await registry.report();
    expect(looks).toBe(1);
    clock.advance(1);
    await registry.report();
    expect(looks).toBe(2);
  });

  it('tells each role how it is by what it leans on', async () => {
    const { registry } = stage();
    registry.register({ name: 'database', advisory: false, look: seeing({ status: 'pass' }) });
    registry.register({
      name: 'bank',
      advisory: true,
      role: 'verifier',
      look: seeing({ status: 'fail' }),
    });
    registry.register({
      name: 'lag',
      advisory: false,
      role: 'projector',
      look: seeing({ status: 'fail' }),
    });
    const report = await registry.report();
    expect(registry.byRole(report, ['api', 'verifier', 'projector'])).toEqual({
      api: { status: 'pass', checks: ['database'] },
      verifier: { status: 'warn', checks: ['database', 'bank'] },
      projector: { status: 'fail', checks: ['database', 'lag'] },
    });
  });

  it('refuses a second check of the same name', () => {
    const { registry } = stage();
    const check = { name: 'one', advisory: false, look: seeing({ status: 'pass' }) };
    registry.register(check);
    expect(() => registry.register(check)).toThrow('two health checks are called one');
  });
});
