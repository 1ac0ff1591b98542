import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AcknowledgedWriters,
  recount,
  type Acknowledged,
} from '../support/acknowledged-writers.js';
import { eventually } from '../support/eventually.js';
import { EventStoreProcess } from '../support/event-store-process.js';

describe('copying the log of the event-store node while it is written to', () => {
  let [live, restored] = ['', ''];
  let node: EventStoreProcess | undefined;

  beforeEach(async () => {
    [live, restored] = [
      await EventStoreProcess.newDirectory(),
      await EventStoreProcess.newDirectory(),
    ];
  });

  afterEach(async () => {
    await node?.stop();
    await Promise.all([live, restored].map((each) => EventStoreProcess.remove(each)));
  });

  it('has everything that was acknowledged before, whole, and serves it elsewhere', async () => {
    const running = await EventStoreProcess.start(live);
    const writers = new AcknowledgedWriters(8);
    const copy = join(live, 'copy.sqlite');
    let before: readonly Acknowledged[] = [];
    await writers.writeUntil(running.client, {
      acknowledged: 400,
      cut: async () => {
        before = writers.acknowledged;
        process.kill(running.pid, 'SIGUSR2');
        try {
          await eventually(() => existsSync(copy));
        } finally {
          // The writers go on for as long as it answers.
          await running.kill();
        }
      },
    });
    expect(writers.acknowledged.length).toBeGreaterThan(before.length);

    await rename(copy, join(restored, 'events.sqlite'));
    node = await EventStoreProcess.start(restored);

    const found = await recount(node.client, before);
    expect(found).toMatchObject({ lost: [], doubled: [], torn: [] });
    expect(found.stored).toBeGreaterThanOrEqual(400);
  });
});
