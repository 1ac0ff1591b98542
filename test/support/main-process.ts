import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from './eventually.js';

const ROOT = resolve(import.meta.dirname, '../..');
// Compiling from source on a busy machine; the built service is ready far sooner.
const STARTED_WITHIN_MS = 60_000;

/** `src/main.ts` as a process of its own, run from source, so that a test can end or kill it. */
export class MainProcess {
  /** Lines on the standard output: the log. */
  readonly lines: string[] = [];
  /** What the process said to whoever started it. */
  complaint = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;

  /** With `DIE_AT` among its variables it ends itself there, as test/faults/die-at.mjs understands it. */
  constructor(environment: Readonly<Record<string, string>>) {
    const mortal =
      environment['DIE_AT'] === undefined ? [] : ['--import', join(ROOT, 'test/faults/die-at.mjs')];
    const child = spawn(
      process.execPath,
      [
        '--import',
        join(ROOT, 'test/support/run-typescript.mjs'),
        ...mortal,
        join(ROOT, 'src/main.ts'),
      ],
      {
        cwd: ROOT,
        env: { PATH: process.env['PATH'], HTTP_PORT: '0', ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.child = child;
    this.ended = once(child, 'close');
    createInterface({ input: child.stdout }).on('line', (line) => this.lines.push(line));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (this.complaint += chunk));
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Waits until it listens and answers where. @throws Error with what it said when it ends before */
  async url(): Promise<string> {
    return eventually(
      () => {
        const address = this.lines
          .map((line) => /Server listening at (http:[^"]+)/.exec(line)?.[1])
          .find((found) => found !== undefined);
        if (address !== undefined) return address;
        if (this.child.exitCode !== null) throw new Error(`it ended: ${this.complaint}`);
        throw new Error(`it does not listen yet: ${this.complaint}`);
      },
      { withinMs: STARTED_WITHIN_MS, everyMs: 25 },
    );
  }

  /** Sends a signal without waiting for what becomes of it. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Waits for the end and answers the exit code; null when a signal ended it. */
  async exitCode(): Promise<number | null> {
    await this.ended;
    return this.child.exitCode;
  }

  /** Whatever the state, leaves no process behind. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
