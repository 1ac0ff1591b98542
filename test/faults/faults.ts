// Kills processes under load and recounts: npm run test:faults -- [--kills 6] [--store-kills 4] [--seed 1]
// The long form is --kills 100 --store-kills 100. Needs what `npm run build` makes.
import { parseArgs } from 'node:util';
import { Dice } from './dice.js';
import { killTheProduct } from './product-kills.js';
import { fillTheDisk, killTheStore } from './store-kills.js';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '6' },
    'store-kills': { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const TAKEN_OVER_WITHIN_MS = 5_000;
const kills = Number.parseInt(values.kills, 10);
const storeKills = Number.parseInt(values['store-kills'] ?? String(Math.max(4, kills)), 10);
const seed = Number.parseInt(values.seed, 10);
const dice = new Dice(seed);
const say = (line: string): void => console.log(line);
const began = performance.now();
const seconds = (): string => `${Math.round((performance.now() - began) / 1_000)} s`;

say(`seed ${seed}`);
const store = await killTheStore(storeKills, dice);
say(`event-store node, killed under load: ${JSON.stringify(store)}, ${seconds()}`);
const disk = await fillTheDisk();
say(`event-store node, disk full and freed: ${JSON.stringify(disk)}, ${seconds()}`);
const product = await killTheProduct(kills, dice, say);
say(`whole product: ${JSON.stringify(product)}, ${seconds()}`);

const stores = [store, disk];
const sum = (
  of: (count: { lost: number; doubled: number; acknowledged: number; kills: number }) => number,
) => [...stores, product].reduce((total, count) => total + of(count), 0);
const figures = {
  seed,
  kills: sum((count) => count.kills),
  acknowledged: sum((count) => count.acknowledged),
  lost: sum((count) => count.lost),
  doubled: sum((count) => count.doubled),
  bound_twice: product.boundTwice,
  rows_differing: product.rowsDiffering,
  totals_differ: product.totalsDiffer,
  takeover_ms: product.takeoverMs,
  messages_due: product.messages.due,
  messages_missed: product.messages.missed,
  messages_misplaced: product.messages.misplaced,
  messages_unsigned: product.messages.unsigned,
  messages_repeated: product.messages.repeated,
};
const isSound =
  figures.lost === 0 &&
  figures.doubled === 0 &&
  figures.bound_twice === 0 &&
  figures.rows_differing === 0 &&
  !figures.totals_differ &&
  figures.messages_missed === 0 &&
  figures.messages_misplaced === 0 &&
  figures.messages_unsigned === 0 &&
  figures.takeover_ms <= TAKEN_OVER_WITHIN_MS &&
  product.unsettled === 0 &&
  product.breaches === 0 &&
  stores.every(({ torn }) => torn === 0);
say(JSON.stringify(figures));
// The client keeps its connections open for ever.
process.exit(isSound ? 0 : 1);
