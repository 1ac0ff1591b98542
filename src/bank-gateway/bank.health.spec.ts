import { InMemoryGatewayClosures } from '../../test/support/in-memory-gateway-closures.js';
import { ScriptedBank } from '../../test/support/scripted-bank.js';
import { TestClock } from '../../test/support/test-clock.js';
import { HealthRegistry } from '../platform/health/health-registry.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { BankHealth } from './bank.health.js';

const stage = () => {
  const registry = new HealthRegistry(new TestClock());
  const closures = new InMemoryGatewayClosures();
  const metrics = new Metrics();
  new BankHealth(registry, new ScriptedBank(), closures, metrics).onModuleInit();
  return { registry, closures, metrics };
};

describe('telling how the banks are', () => {
  it('passes while they can be asked', async () => {
    expect(await stage().registry.report()).toMatchObject({
      status: 'pass',
      findings: { bank: { status: 'pass' } },
    });
  });

  it('warns of a credential that a person must open again', async () => {
    const { registry, closures } = stage();
    await closures.close('banesco', { reason: 'credentials_refused', by: 'process:spec' });
    expect(await registry.report()).toMatchObject({
      status: 'warn',
      findings: { bank: { reason: 'closed until a person reopens: banesco' } },
    });
  });

  it('warns of a bank that cannot be reached, until it can', async () => {
    const { registry, metrics } = stage();
    metrics.paymentsBankCircuitOpen.set({ credential: 'banesco' }, 1);
    expect(await registry.report()).toMatchObject({
      status: 'warn',
      findings: { bank: { reason: 'cannot be reached: banesco' } },
    });
    const later = stage();
    later.metrics.paymentsBankCircuitOpen.set({ credential: 'banesco' }, 0);
    expect((await later.registry.report()).status).toBe('pass');
  });
});
