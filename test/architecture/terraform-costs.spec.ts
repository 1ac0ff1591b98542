import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  costLines,
  costTable,
  priceList,
  pricedEnvironment,
  type PricedEnvironment,
} from '../../scripts/cost-table.js';
import { repositoryRoot } from './cruise.js';

const terraform = (...path: string[]): string =>
  readFileSync(join(repositoryRoot, 'terraform', ...path), 'utf8');
const environments = ['development', 'staging', 'production'].map((name) =>
  pricedEnvironment.parse(JSON.parse(terraform('environments', `${name}.tfvars.json`))),
);
const prices = priceList.parse(JSON.parse(terraform('prices.json')));

// What prettier leaves to choose: how wide a column is.
const cells = (table: string): string[] =>
  table.split('\n').map((line) => line.replaceAll(/ *\| */g, '|').replaceAll(/-+/g, '-'));

describe('adding up what an environment costs', () => {
  const [development, , production] = environments as [
    PricedEnvironment,
    PricedEnvironment,
    PricedEnvironment,
  ];
  const centsOf = (environment: PricedEnvironment, item: string) =>
    costLines(environment, prices).find((line) => line.item === item)?.cents;

  it('multiplies sizes by their number, in whole cents', () => {
    expect(centsOf(production, 'PostgreSQL')).toBe(6_090);
    expect(centsOf(production, 'Volumes')).toBe((3 * 50 + 20) * 10);
  });

  it('counts nothing for what is switched off', () => {
    expect(centsOf(development, 'Monitoring droplet')).toBe(0);
    expect(centsOf({ ...production, redis_enabled: true }, 'Redis')).toBe(1_515);
    expect(centsOf(production, 'Redis')).toBe(0);
  });

  it('refuses a size without a price', () => {
    expect(() => costLines({ ...production, app_size: 'c-60' }, prices)).toThrow('c-60');
  });

  it('is what the README says', () => {
    expect(cells(terraform('README.md'))).toEqual(
      expect.arrayContaining(cells(costTable(environments, prices))),
    );
  });
});
