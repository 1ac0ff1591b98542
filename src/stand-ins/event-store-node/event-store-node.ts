import { setImmediate as nextTurn } from 'node:timers/promises';
import { EventLog } from './event-log.js';
import { GroupCommit } from './group-commit.js';
import { Gossip } from './gossip.service.js';
import { GrpcServer } from './grpc-server.js';
import { PersistentGroups } from './persistent-subscriptions/groups.js';
import { servedMethods } from './services.js';

export interface EventStoreNodeOptions {
  /** Where the log lies; made when missing. One node at a time may have it open. */
  readonly directory: string;
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Refuses to let the log grow beyond so many pages of 4 KiB, which stands for a full disk. */
  readonly maxPages?: number;
  readonly log?: (line: Readonly<Record<string, unknown>>) => void;
}

/**
 * EventStoreDB's gRPC on one SQLite file, for laptops and tests; production runs an EventStoreDB cluster.
 * It wants a process of its own: in its client's thread the two starve each other and group commit falls apart.
 */
export class EventStoreNode {
  /** @throws CannotStart when the folder is in use or the port is taken */
  static async start(options: EventStoreNodeOptions): Promise<EventStoreNode> {
    const { directory, host = '127.0.0.1', maxPages } = options;
    const log = EventLog.open(directory, maxPages);
    const commits = new GroupCommit(log);
    const groups = new PersistentGroups(log, commits);
    const server = new GrpcServer();
    const gossip = new Gossip(() => server.address);
    server.use(servedMethods({ log, commits, groups, gossip }));
    try {
      const port = await server.listen(host, options.port);
      options.log?.({ event: 'serving', host, port, directory });
      return new EventStoreNode(port, host, { server, log, commits, groups, directory });
    } catch (error) {
      groups.stop();
      log.close();
      throw error;
    }
  }

  private stopped = false;
  private copying: Promise<void> = Promise.resolve();

  private constructor(
    readonly port: number,
    readonly host: string,
    private readonly parts: {
      readonly server: GrpcServer;
      readonly log: EventLog;
      readonly commits: GroupCommit;
      readonly groups: PersistentGroups;
      readonly directory: string;
    },
  ) {}

  get connectionString(): string {
    return `esdb://${this.host}:${this.port}?tls=false`;
  }

  /** Leaves `copy.sqlite` in the folder, for a backup; appends go on meanwhile. */
  copy(): Promise<void> {
    const { log, directory } = this.parts;
    this.copying = this.copying.catch(() => undefined).then(() => log.copyTo(directory));
    return this.copying;
  }

  /** Commits what has arrived, ends every call and closes the log. */
  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    const { server, log, commits, groups } = this.parts;
    groups.stop();
    commits.flush();
    // One turn for the answers to what has just been committed.
    await nextTurn();
    await server.stop();
    commits.flush();
    await this.copying.catch(() => undefined);
    log.close();
  }
}
