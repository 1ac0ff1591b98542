import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = resolve(import.meta.dirname, '../..');
const READY_WITHIN_MS = 60_000;

/** A stand-in run from source as a process of its own, so that a spec can kill it. */
export class StandInProcess {
  private constructor(
    private readonly child: ChildProcess,
    /** The JSON line that the process printed once it was ready. */
    readonly ready: Readonly<Record<string, string | number>>,
  ) {}

  /** @throws Error with what the process wrote when it ends, or is not ready in time */
  static async start(
    main: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<StandInProcess> {
    // What is built already runs as it stands, as a bench wants it.
    const loader = main.endsWith('.ts')
      ? ['--import', join(ROOT, 'test/support/run-typescript.mjs')]
      : [];
    const child = spawn(process.execPath, [...loader, join(ROOT, main), ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), READY_WITHIN_MS);
    // Its output may end before what it complained of has been read.
    const ended = once(child, 'close');
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complaint += chunk));
    try {
      for await (const line of createInterface({ input: child.stdout })) {
        return new StandInProcess(child, JSON.parse(line) as Record<string, string | number>);
      }
      await ended;
      throw new Error(`${main} ended before it was ready: ${complaint}`);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Asks the process to end and answers its exit code; null when a signal ended it. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const exit = once(this.child, 'exit');
    this.child.kill(signal);
    await exit;
    return this.child.exitCode;
  }

  /** Closes the input of the process, as its parent's death would, and answers its exit code. */
  async abandon(): Promise<number | null> {
    const exit = once(this.child, 'exit');
    this.child.stdin?.end();
    await exit;
    return this.child.exitCode;
  }
}
