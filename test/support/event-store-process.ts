import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
import { StandInProcess } from './stand-in-process.js';

const MAIN = 'src/stand-ins/event-store-node/event-store-node.main.ts';
const BUILT = 'dist/stand-ins/event-store-node/event-store-node.main.js';

/** The embedded event store as a process on a folder, that a spec may kill and start again. */
export class EventStoreProcess {
  readonly client: EventStoreDBClient;

  private constructor(
    readonly directory: string,
    private readonly child: StandInProcess,
  ) {
    const address = String(child.ready['connection_string']);
    this.client = EventStoreDBClient.connectionString(address);
  }

  static newDirectory(): Promise<string> {
    return mkdtemp(join(tmpdir(), 'constancia-event-store-'));
  }

  /** @throws Error with what the process wrote when it ends before it is ready */
  static start(directory: string, ...args: string[]): Promise<EventStoreProcess> {
    return EventStoreProcess.run(MAIN, directory, args);
  }

  /** As `start`, from what `npm run build` has built: a compiler takes memory that is not the node's. */
  static startBuilt(directory: string, ...args: string[]): Promise<EventStoreProcess> {
    return EventStoreProcess.run(BUILT, directory, args);
  }

  private static async run(
    main: string,
    directory: string,
    args: readonly string[],
  ): Promise<EventStoreProcess> {
    const child = await StandInProcess.start(main, ['--directory', directory, ...args]);
    return new EventStoreProcess(directory, child);
  }

  get port(): number {
    return Number(this.child.ready['port']);
  }

  get pid(): number {
    return Number(this.child.ready['pid']);
  }

  /** Ends the process as a power cut would, as far as a process can tell. */
  async kill(): Promise<void> {
    await this.child.end('SIGKILL');
  }

  /** Asks the process to end and answers its exit code. */
  async stop(): Promise<number | null> {
    return this.child.end();
  }

  static remove(directory: string): Promise<void> {
    return rm(directory, { recursive: true, force: true });
  }
}
