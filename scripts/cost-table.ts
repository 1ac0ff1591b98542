// What one month of each environment costs, added up from its variables and terraform/prices.json.
import { z } from 'zod';

const amountBySize = z.record(z.string(), z.number().positive());

export const priceList = z.strictObject({
  note: z.string(),
  noted_on: z.iso.date(),
  droplet: amountBySize,
  database: amountBySize,
  volume_gib: z.number().positive(),
  load_balancer_node: z.number().positive(),
  spaces_subscription: z.number().positive(),
  daily_droplet_backup_share: z.number().positive(),
});
export type PriceList = z.infer<typeof priceList>;

/** What of an environment costs money. A file that leaves one out is refused, so no default is forgotten in the sum. */
export const pricedEnvironment = z.object({
  environment: z.string(),
  app_count: z.int().positive(),
  app_size: z.string(),
  event_store_count: z.int().positive(),
  event_store_size: z.string(),
  event_store_volume_gib: z.int().positive(),
  postgres_nodes: z.int().positive(),
  postgres_size: z.string(),
  redis_enabled: z.boolean(),
  redis_nodes: z.int().positive(),
  redis_size: z.string(),
  load_balancer_nodes: z.int().positive(),
  monitoring_enabled: z.boolean(),
  monitoring_size: z.string(),
  monitoring_volume_gib: z.int().positive(),
  droplet_backups: z.boolean(),
});
export type PricedEnvironment = z.infer<typeof pricedEnvironment>;

interface CostLine {
  readonly item: string;
  readonly cents: number;
}

const inCents = (amount: number): number => Math.round(amount * 100);

const priceOf = (prices: Readonly<Record<string, number>>, size: string): number => {
  const price = prices[size];
  if (price === undefined) throw new Error(`terraform/prices.json has no price for ${size}`);
  return inCents(price);
};

/** The lines of one environment, in the order of the table. */
export function costLines(environment: PricedEnvironment, prices: PriceList): CostLine[] {
  const nodes =
    environment.event_store_count * priceOf(prices.droplet, environment.event_store_size);
  const monitoring = environment.monitoring_enabled
    ? priceOf(prices.droplet, environment.monitoring_size)
    : 0;
  const gib =
    environment.event_store_count * environment.event_store_volume_gib +
    (environment.monitoring_enabled ? environment.monitoring_volume_gib : 0);
  return [
    {
      item: 'Application droplets',
      cents: environment.app_count * priceOf(prices.droplet, environment.app_size),
    },
    { item: 'Event store droplets', cents: nodes },
    { item: 'Monitoring droplet', cents: monitoring },
    { item: 'Volumes', cents: inCents(gib * prices.volume_gib) },
    {
      item: 'Daily images of droplets',
      cents: environment.droplet_backups
        ? Math.round((nodes + monitoring) * prices.daily_droplet_backup_share)
        : 0,
    },
    {
      item: 'PostgreSQL',
      cents: environment.postgres_nodes * priceOf(prices.database, environment.postgres_size),
    },
    {
      item: 'Redis',
      cents: environment.redis_enabled
        ? environment.redis_nodes * priceOf(prices.database, environment.redis_size)
        : 0,
    },
    {
      item: 'Load balancer',
      cents: environment.load_balancer_nodes * inCents(prices.load_balancer_node),
    },
    { item: 'Spaces', cents: inCents(prices.spaces_subscription) },
  ];
}

const shown = (cents: number): string => (cents / 100).toFixed(2);

/** The table of the README, one column per environment and their sums. */
export function costTable(environments: readonly PricedEnvironment[], prices: PriceList): string {
  const columns = environments.map((environment) => costLines(environment, prices));
  const names = columns[0]?.map(({ item }) => item) ?? [];
  const rows = names.map((name, row) => [
    name,
    ...columns.map((lines) => shown(lines[row]?.cents ?? 0)),
  ]);
  const sums = columns.map((lines) => shown(lines.reduce((sum, { cents }) => sum + cents, 0)));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(['USD per month', ...environments.map(({ environment }) => environment)]),
    line(['---', ...environments.map(() => '---:')]),
    ...rows.map(line),
    line(['**Sum**', ...sums.map((sum) => `**${sum}**`)]),
  ].join('\n');
}
