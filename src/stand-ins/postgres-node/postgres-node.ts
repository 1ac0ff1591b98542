import type { ChildProcess } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  clusterPath,
  DATABASE,
  ensureDatabase,
  loadPassword,
  OWNER_ROLE,
  passwordPath,
  prepareCluster,
} from './cluster.js';
import { claimablePort } from './free-port.js';
import { locatePostgresBinaries } from './postgres-binaries.js';
import { endServer, endSurvivor, readPostmaster } from './postmaster.js';
import { chooseLauncher, type Launcher, type PrivilegeDrop } from './privileges.js';

export interface PostgresNodeOptions {
  /** Holds everything: the cluster, the password, the keeper's pid. Made when missing. */
  readonly directory: string;
  /** A port of 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Default true. False skips every fsync: for tests, whose data may be lost. */
  readonly durable?: boolean;
  /** Receives the server's own log, line by line. */
  readonly log?: (line: string) => void;
  /** Root only: insist on one way of giving up its rights; by default the first that works. */
  readonly privilegeDrop?: PrivilegeDrop;
}

// Recovery after a kill of a busy server replays its log; a minute is far beyond what a laptop needs.
const READY_WITHIN_MS = 60_000;
const KEPT_LOG_LINES = 30;
const START_TRIES = 5;

/** A real PostgreSQL in a directory, listening on 127.0.0.1 only. */
export class PostgresNode {
  /** Settles when the server has ended, by `stop` or by itself, with its last words. */
  readonly exited: Promise<string>;
  private stopping: Promise<void> | null = null;

  private constructor(
    readonly port: number,
    readonly directory: string,
    private readonly password: string,
    private readonly server: RunningServer,
  ) {
    this.exited = server.exited;
  }

  /**
   * Starts the server, making its cluster the first time. A server that outlived its keeper is
   * ended first; one whose keeper lives is left alone.
   * @throws Error when the port is taken, the directory is in use, or PostgreSQL cannot start
   */
  static async start(options: PostgresNodeOptions): Promise<PostgresNode> {
    const directory = resolve(options.directory);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const binaries = await locatePostgresBinaries();
    const launcher = await chooseLauncher(binaries.initdb, directory, options.privilegeDrop);
    const keeper = join(directory, 'keeper.pid');
    await endSurvivor(clusterPath(directory), await readPid(keeper));
    const password = await loadPassword(directory);
    await prepareCluster(directory, binaries, launcher, options.durable ?? true);
    await writeFile(keeper, `${process.pid}\n`);
    const { server, port } = await startServer(binaries.postgres, launcher, options);
    try {
      await ensureDatabase(port, password);
    } catch (error) {
      await endServer(clusterPath(directory), server.pid);
      throw error;
    }
    return new PostgresNode(port, directory, password, server);
  }

  /** Address, role and password of the database `constancia`. A secret: never log it. */
  get connectionString(): string {
    return connectionString(this.password, this.port);
  }

  /** Ends the server cleanly: sessions are cut, everything committed is on disk. */
  stop(): Promise<void> {
    this.stopping ??= endServer(clusterPath(this.directory), this.server.pid)
      .then(() => this.exited)
      .then(() => rm(join(this.directory, 'keeper.pid'), { force: true }));
    return this.stopping;
  }

  /** The file that holds the password of a directory's server. */
  static passwordFile(directory: string): string {
    return passwordPath(resolve(directory));
  }

  /** The connection string for whoever started the server as a process and knows its directory. A secret. */
  static async connectionStringFor(directory: string, port: number): Promise<string> {
    return connectionString(await loadPassword(resolve(directory)), port);
  }
}

const connectionString = (password: string, port: number): string =>
  `postgresql://${OWNER_ROLE}:${password}@127.0.0.1:${port}/${DATABASE}`;

async function readPid(file: string): Promise<number | null> {
  const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
  return Number.isNaN(pid) ? null : pid;
}

async function startServer(
  program: string,
  launcher: Launcher,
  options: PostgresNodeOptions,
): Promise<{ server: RunningServer; port: number }> {
  for (let tries = 1; ; tries += 1) {
    const port = await claimablePort(options.port);
    const cluster = clusterPath(resolve(options.directory));
    const args = serverArguments(cluster, port, options.durable ?? true);
    const server = new RunningServer(launcher.launch(program, args), options.log);
    try {
      await server.ready(cluster);
      return { server, port };
    } catch (error) {
      // A port can be lost between the probe and the bind, and after a kill -9 of the postmaster
      // its children hold the shared memory for a moment: both pass.
      if (tries === START_TRIES) throw error;
      await delay(200);
    }
  }
}

const serverArguments = (cluster: string, port: number, durable: boolean): string[] => [
  '-D',
  cluster,
  '-p',
  String(port),
  ...setting('listen_addresses', '127.0.0.1'),
  ...setting('unix_socket_directories', ''),
  ...setting('timezone', 'UTC'),
  ...setting('log_timezone', 'UTC'),
  ...(durable
    ? []
    : ['fsync', 'synchronous_commit', 'full_page_writes'].flatMap((name) => setting(name, 'off'))),
];

const setting = (name: string, value: string): string[] => ['-c', `${name}=${value}`];

/** One postmaster process: its log, its readiness, its end. */
class RunningServer {
  readonly exited: Promise<string>;
  private readonly lastLines: string[] = [];
  private ended = false;

  constructor(
    private readonly child: ChildProcess,
    private readonly log: (line: string) => void = () => undefined,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        const lines = `${rest}${chunk}`.split('\n');
        rest = lines.pop() ?? '';
        lines.forEach((line) => this.keep(line));
      });
    }
    this.exited = new Promise((settle) => {
      child.once('error', (error) => this.keep(error.message));
      child.once('close', () => {
        this.ended = true;
        settle(this.lastLines.join('\n'));
      });
    });
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('PostgreSQL was not launched');
    return this.child.pid;
  }

  /** @throws Error with the server's last words when it ends instead of becoming ready */
  async ready(cluster: string): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS;
    while (performance.now() < deadline) {
      if (this.ended) throw new Error(`PostgreSQL did not start:\n${await this.exited}`);
      const postmaster = await readPostmaster(cluster);
      if (postmaster?.pid === this.child.pid && postmaster?.ready === true) return;
      await delay(20);
    }
    await endServer(cluster, this.pid);
    throw new Error(`PostgreSQL was not ready within ${READY_WITHIN_MS / 1000} s`);
  }

  private keep(line: string): void {
    this.lastLines.push(line);
    if (this.lastLines.length > KEPT_LOG_LINES) this.lastLines.shift();
    this.log(line);
  }
}
