import { Server, ServerCredentials } from '@grpc/grpc-js';
import { EventLog } from './event-log.js';
import { GroupCommit } from './group-commit.js';
import { CannotStart } from './log-file.js';
import { addServices } from './services.js';

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

/** The client puts up to 3 MiB in one message, and a lone event of any size; 16 MiB is the server's limit. */
const MAX_MESSAGE_BYTES = 17 * 1024 * 1024;

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
    const server = new Server({
      'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
      'grpc.max_send_message_length': -1,
      'grpc.enable_channelz': 0,
    });
    addServices(server, log, commits);
    try {
      const port = await bind(server, host, options.port);
      options.log?.({ event: 'serving', host, port, directory });
      return new EventStoreNode(port, host, { server, log, commits });
    } catch (error) {
      server.forceShutdown();
      log.close();
      throw error;
    }
  }

  private stopped = false;

  private constructor(
    readonly port: number,
    readonly host: string,
    private readonly parts: { server: Server; log: EventLog; commits: GroupCommit },
  ) {}

  get connectionString(): string {
    return `esdb://${this.host}:${this.port}?tls=false`;
  }

  /** Commits what has arrived, ends every call and closes the log. */
  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    const { server, log, commits } = this.parts;
    commits.flush();
    // Subscriptions never end by themselves, so waiting for calls would wait for ever.
    server.forceShutdown();
    commits.flush();
    log.close();
  }
}

function bind(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(new CannotStart(`Port ${port} on ${host} is taken.`, { cause: error }));
    });
  });
}
