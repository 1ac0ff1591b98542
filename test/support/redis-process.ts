import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { claimablePort } from '../../src/stand-ins/postgres-node/free-port.js';
import { eventually } from './eventually.js';

const PASSWORD = 'made-up-for-a-test';

/** Debian's redis-server on loopback, which keeps nothing; a test may kill it, freeze it and start it again. */
export class RedisProcess {
  static async start(): Promise<RedisProcess> {
    const redis = new RedisProcess(await claimablePort(0));
    await redis.restart();
    return redis;
  }

  private child: ChildProcess | null = null;

  private constructor(private readonly port: number) {}

  get url(): string {
    return `redis://:${PASSWORD}@127.0.0.1:${this.port}`;
  }

  async restart(): Promise<void> {
    const options = ['--bind', '127.0.0.1', '--port', String(this.port), '--save', ''];
    this.child = spawn('redis-server', [...options, '--requirepass', PASSWORD], {
      stdio: 'ignore',
    });
    await eventually(() => this.answers(), { everyMs: 25 });
  }

  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (child === null) return;
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
  }

  private answers(): Promise<boolean> {
    return new Promise((done) => {
      const socket = connect(this.port, '127.0.0.1');
      const end = (answered: boolean): void => {
        socket.destroy();
        done(answered);
      };
      socket.once('connect', () => end(true)).once('error', () => end(false));
    });
  }
}
