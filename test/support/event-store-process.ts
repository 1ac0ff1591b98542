import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
import { StandInProcess } from './stand-in-process.js';

const MAIN = 'src/stand-ins/event-store-node/event-store-node.main.ts';

/** The embedded event store as a process on a folder, that a spec may kill and start again. */
export class EventStoreProcess {
  private constructor(
    readonly directory: string,
    private readonly child: StandInProcess,
    readonly client: EventStoreDBClient,
  ) {}

  static newDirectory(): Promise<string> {
    return mkdtemp(join(tmpdir(), 'constancia-event-store-'));
  }

  /** @throws Error with what the process wrote when it ends before it is ready */
  static async start(directory: string, ...args: string[]): Promise<EventStoreProcess> {
    const child = await StandInProcess.start(MAIN, ['--directory', directory, ...args]);
    const address = String(child.ready['connection_string']);
    return new EventStoreProcess(directory, child, EventStoreDBClient.connectionString(address));
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
