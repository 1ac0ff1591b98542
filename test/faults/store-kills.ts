import { AcknowledgedWriters, recount } from '../support/acknowledged-writers.js';
import { EventStoreProcess } from '../support/event-store-process.js';
import type { Dice } from './dice.js';

const WRITERS = 32;
const PAGES_OF_A_SMALL_DISK = 120;

export interface StoreCount {
  readonly kills: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  readonly torn: number;
}

/** Kills the event-store node under load, again and again on one folder, and recounts what it acknowledged. */
export async function killTheStore(kills: number, dice: Dice): Promise<StoreCount> {
  const directory = await EventStoreProcess.newDirectory();
  try {
    const writers = new AcknowledgedWriters(WRITERS);
    for (let kill = 0; kill < kills; kill += 1) {
      const life = await EventStoreProcess.startBuilt(directory);
      await writers.writeUntil(life.client, {
        acknowledged: 50 + dice.below(750),
        cut: () => life.kill(),
      });
    }
    return await recounted(directory, kills, writers);
  } finally {
    await EventStoreProcess.remove(directory);
  }
}

/** Fills a small disk under load, then gives it room again: errors meanwhile, nothing acknowledged is lost. */
export async function fillTheDisk(): Promise<StoreCount> {
  const directory = await EventStoreProcess.newDirectory();
  try {
    const writers = new AcknowledgedWriters(WRITERS);
    const full = await EventStoreProcess.startBuilt(
      directory,
      '--max-pages',
      String(PAGES_OF_A_SMALL_DISK),
    );
    await writers.writeUntil(full.client, {
      acknowledged: Number.MAX_SAFE_INTEGER,
      cut: () => Promise.resolve(),
    });
    await full.kill();
    const before = writers.acknowledged.length;
    const roomy = await EventStoreProcess.startBuilt(directory);
    await writers.writeUntil(roomy.client, { acknowledged: WRITERS, cut: () => roomy.kill() });
    if (writers.acknowledged.length <= before) throw new Error('the store did not recover');
    return await recounted(directory, 2, writers);
  } finally {
    await EventStoreProcess.remove(directory);
  }
}

async function recounted(
  directory: string,
  kills: number,
  { acknowledged }: AcknowledgedWriters,
): Promise<StoreCount> {
  const node = await EventStoreProcess.startBuilt(directory);
  try {
    const { lost, doubled, torn } = await recount(node.client, acknowledged);
    return {
      kills,
      acknowledged: acknowledged.length,
      lost: lost.length,
      doubled: doubled.length,
      torn: torn.length,
    };
  } finally {
    await node.stop();
  }
}
