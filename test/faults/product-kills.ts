import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { PAID_ON } from '../support/running-system.js';
import { Claimants } from './claimants.js';
import type { Dice } from './dice.js';
import { judgeMessages, type MessageCount } from './judge-messages.js';
import { ListeningEndpoint } from './listening-endpoint.js';
import {
  judgeClaims,
  recountLog,
  totalsDiffer,
  type LogCount,
  type ToldTotal,
} from './recount-log.js';
import { measureTakeover } from './takeover.js';
import { WholeProduct, type Part } from './whole-product.js';

const CLAIMANTS = 3;
const SETTLED_WITHIN_MS = 180_000;
const DIED_WITHIN_MS = 90_000;
const TOLD_WITHIN_MS = 120_000;
/** Acknowledged between two kills, so that each kill meets a product at work. */
const AT_WORK = 3;
const PARTS: readonly [Part, ...Part[]] = ['service', 'event store', 'postgres'];

/** Every append on the way from an ask to a verdict; the service dies before and after each. */
const STEPS = [
  'AskStarted',
  'AskAnswered',
  'MovementObserved',
  'BindingProposed',
  'MovementBound',
  'TransactionVerified',
];
const MOMENTS = STEPS.flatMap((step) => [`before:${step}`, `after:${step}`]);

export interface ProductCount {
  readonly kills: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  readonly boundTwice: number;
  readonly verified: number;
  readonly unsettled: number;
  readonly rowsDiffering: number;
  readonly totalsDiffer: boolean;
  readonly breaches: number;
  /** How long the read models stood still after the process that led them was killed, with another standing by. */
  readonly takeoverMs: number;
  /** What an endpoint heard that listened all the time. */
  readonly messages: MessageCount;
}

/** Kills parts of the product under load: between every two steps of a binding, then at random moments. */
export async function killTheProduct(
  randomKills: number,
  dice: Dice,
  say: (line: string) => void,
): Promise<ProductCount> {
  const product = await WholeProduct.start();
  const claimants = new Claimants(product);
  let endpoint: ListeningEndpoint | null = null;
  let kills = 0;
  try {
    let service = await product.startService(MOMENTS[0]);
    endpoint = await ListeningEndpoint.open(product);
    claimants.start(CLAIMANTS);
    for (const dieAt of MOMENTS) {
      if (dieAt !== MOMENTS[0]) service = await product.startService(dieAt);
      await eventually(() => service.hasEnded, { withinMs: DIED_WITHIN_MS, everyMs: 20 });
      kills += 1;
      say(`died ${dieAt.replace(':', ' ')}; ${claimants.acknowledged.size} acknowledged`);
    }
    await product.startService();
    await endpoint.atNextTaken(() => product.killService(), DIED_WITHIN_MS);
    kills += 1;
    say(`died while a message was taken; ${claimants.acknowledged.size} acknowledged`);
    await product.startService();
    for (let kill = 0; kill < randomKills; kill += 1) {
      const goal = claimants.acknowledged.size + AT_WORK;
      await eventually(() => claimants.acknowledged.size >= goal, {
        withinMs: DIED_WITHIN_MS,
        everyMs: 20,
      });
      await delay(dice.below(700));
      const part = dice.oneOf(PARTS);
      await product.killAndRestart(part);
      kills += 1;
      say(`killed ${part}; ${claimants.acknowledged.size} acknowledged`);
    }
    await claimants.stop();
    const unsettled = await settle(product, claimants);
    const count = await counted(product, claimants, endpoint, { kills, unsettled });
    return { ...count, takeoverMs: await measureTakeover(product) };
  } finally {
    await claimants.stop();
    await endpoint?.stop();
    await product.stop();
  }
}

/** Waits until every claim has its verdict and every read model has seen it; gives how many never did. */
async function settle(product: WholeProduct, { acknowledged }: Claimants): Promise<number> {
  const open = async (): Promise<number> => {
    const [row] = await product.query<{ settled: string }>(
      `select count(*) as settled from read.transaction_view where status <> 'pending'`,
    );
    return acknowledged.size - Number(row?.settled ?? 0);
  };
  await eventually(async () => (await open()) <= 0, {
    withinMs: SETTLED_WITHIN_MS,
    everyMs: 250,
  }).catch(() => undefined);
  return Math.max(0, await open());
}

async function counted(
  product: WholeProduct,
  claimants: Claimants,
  endpoint: ListeningEndpoint,
  { kills, unsettled }: { readonly kills: number; readonly unsettled: number },
): Promise<Omit<ProductCount, 'takeoverMs'>> {
  const verified = JSON.parse(await product.command('projections', 'verify', '--json')) as {
    differing: number;
  };
  const log = await recountLog(product.eventStoreUrl);
  return {
    kills,
    acknowledged: claimants.acknowledged.size,
    ...judgeClaims(log, claimants),
    boundTwice: log.boundTwice,
    verified: log.verified.size,
    unsettled,
    rowsDiffering: verified.differing,
    totalsDiffer: totalsDiffer(log, await toldTotals(product)),
    breaches: await product.breaches(),
    messages: await judgedMessages(log, endpoint),
  };
}

/** Waits until all that the log asks for was told; then what was told, and how. */
async function judgedMessages(
  { told }: LogCount,
  { heard }: ListeningEndpoint,
): Promise<MessageCount> {
  const judge = (): MessageCount => judgeMessages(told, heard);
  await eventually(() => judge().missed === 0, {
    withinMs: TOLD_WITHIN_MS,
    everyMs: 250,
  }).catch(() => undefined);
  return judge();
}

async function toldTotals(product: WholeProduct): Promise<readonly ToldTotal[]> {
  const path = `/finance/daily-totals?from=${PAID_ON}&to=${PAID_ON}`;
  const answer = await eventually(async () => {
    const got = await product.call('GET', path);
    if (got?.status !== 200) throw new Error(`totals answered ${got?.status}`);
    return got;
  });
  return answer.body['data'] as ToldTotal[];
}
