import { randomInt } from 'node:crypto';
import { AcknowledgedWriters, recount } from '../support/acknowledged-writers.js';
import { EventStoreProcess } from '../support/event-store-process.js';

/** The long form: EVENT_STORE_KILLS=100 npm run test:int -- event-store-node-kill */
const KILLS = Number.parseInt(process.env['EVENT_STORE_KILLS'] ?? '5', 10);
const WRITERS = 32;
const MS_PER_KILL = 5000;

describe('killing the event-store node under load', () => {
  let directory = '';
  let node: EventStoreProcess | undefined;

  beforeAll(async () => {
    directory = await EventStoreProcess.newDirectory();
  });

  afterAll(async () => {
    await node?.stop();
    await EventStoreProcess.remove(directory);
  });

  it(
    'loses and doubles no acknowledged append',
    async () => {
      const writers = new AcknowledgedWriters(WRITERS);
      for (let kill = 0; kill < KILLS; kill += 1) {
        const life = await EventStoreProcess.start(directory);
        node = life;
        await writers.writeUntil(life.client, {
          acknowledged: randomInt(50, 800),
          cut: () => life.kill(),
        });
      }
      node = await EventStoreProcess.start(directory);
      const { acknowledged } = writers;
      const { stored, lost, doubled, torn } = await recount(node.client, acknowledged);
      process.stdout.write(
        `${JSON.stringify({ kills: KILLS, acknowledged: acknowledged.length, stored, lost: lost.length, doubled: doubled.length })}\n`,
      );

      expect([lost, doubled, torn]).toEqual([[], [], []]);
      expect(acknowledged.length).toBeGreaterThanOrEqual(KILLS * 50);
    },
    20_000 + KILLS * MS_PER_KILL,
  );
});
