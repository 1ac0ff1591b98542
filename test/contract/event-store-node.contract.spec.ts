import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StandInProcess } from '../support/stand-in-process.js';
import { eventStoreContract } from './event-store.contract.js';

const MAIN = 'src/stand-ins/event-store-node/event-store-node.main.ts';

describe('standing in for EventStoreDB', () => {
  let directory = '';
  let node: StandInProcess | undefined;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'constancia-event-store-'));
    node = await StandInProcess.start(MAIN, ['--directory', directory]);
  });

  afterAll(async () => {
    await node?.end();
    await rm(directory, { recursive: true, force: true });
  });

  eventStoreContract(() => String(node?.ready['connection_string']));
});
