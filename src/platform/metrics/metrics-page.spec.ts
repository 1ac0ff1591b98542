import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { fillToBudget } from '../../../test/support/series-budget.js';
import { metricsPage } from './metrics-page.js';
import { Metrics } from './metrics.js';

describe('writing the page that Prometheus reads', () => {
  it('writes what the registry would write, the second time too', async () => {
    const metrics = new Metrics();
    fillToBudget(metrics);
    metrics.httpRequestsTotal.inc({ method: 'GET', route: 'a "quoted"\\\n', status: '200' });
    const expected = await metrics.registry.metrics();

    expect(await metricsPage(metrics.registry)).toBe(expected);
    metrics.httpRequestsTotal.inc({ method: 'GET', route: 'a "quoted"\\\n', status: '200' });
    expect(await metricsPage(metrics.registry)).toBe(await metrics.registry.metrics());
    expect(expected).toContain('route="a \\"quoted\\"\\\\\\n"');
  });

  it('has every metric of Node itself', async () => {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const page = await metricsPage(registry);

    const names = registry.getMetricsAsArray().map(({ name }) => name);
    expect([...page.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)).toEqual(names);
  });

  it('writes what is no finite number as Prometheus spells it', async () => {
    const registry = new Registry();
    const gauge = new Gauge({ name: 'g', help: 'A.', labelNames: ['n'], registers: [registry] });
    gauge.set({ n: 1 }, Number.NaN);
    gauge.set({ n: 2 }, Number.POSITIVE_INFINITY);
    gauge.set({ n: 3 }, Number.NEGATIVE_INFINITY);

    expect(await metricsPage(registry)).toBe(
      '# HELP g A.\n# TYPE g gauge\ng{n="1"} NaN\ng{n="2"} +Inf\ng{n="3"} -Inf\n',
    );
  });
});
