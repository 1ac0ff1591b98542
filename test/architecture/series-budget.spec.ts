import { Metrics } from '../../src/platform/metrics/metrics.js';
import {
  fillToBudget,
  MOST_LINES,
  overBudget,
  overBudgetOnPage,
  SERIES_BUDGET,
} from '../support/series-budget.js';

describe('bounding the labels of metrics', () => {
  it('has a budget for every metric, and none for a metric that is gone', () => {
    const names = new Metrics().registry.getMetricsAsArray().map(({ name }) => name);

    expect(names.toSorted()).toEqual(Object.keys(SERIES_BUDGET).toSorted());
  });

  it('stays within what a scrape can carry, even with every metric at its budget', async () => {
    const metrics = new Metrics();
    fillToBudget(metrics);
    const page = await metrics.registry.metrics();

    expect(await overBudget(metrics)).toEqual([]);
    expect(overBudgetOnPage(page)).toEqual([]);
    expect(page.split('\n').length).toBeLessThan(MOST_LINES);
  });

  it('notices one series too many, in the process and on its page', async () => {
    const metrics = new Metrics();
    fillToBudget(metrics);
    metrics.paymentsVerdictSeconds.observe({ status: 'invented' }, 1);
    metrics.httpRequestsTotal.inc({ method: 'GET', route: '/a/by-an-id', status: 200 });
    const complaints = [
      expect.stringMatching(/^http_requests_total has \d+ series/),
      expect.stringMatching(/^payments_verdict_seconds has 8 series, 7 are allowed/),
    ];

    expect(await overBudget(metrics)).toEqual(complaints);
    expect(overBudgetOnPage(await metrics.registry.metrics())).toEqual(complaints);
  });
});
