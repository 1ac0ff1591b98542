import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from '../support/eventually.js';

const ROOT = resolve(import.meta.dirname, '../..');
const STARTED_WITHIN_MS = 60_000;

/** The built service as a process of its own, with every role, that a fault run may kill. */
export class MortalMain {
  readonly ended: Promise<unknown>;
  private readonly child: ChildProcess;
  private address: string | null = null;
  private complaint = '';

  /** `dieAt` names the append at which the process ends itself, as die-at.mjs understands it. */
  constructor(environment: Readonly<Record<string, string>>, dieAt: string | null) {
    const hook = dieAt === null ? [] : ['--import', join(ROOT, 'test/faults/die-at.mjs')];
    this.child = spawn(process.execPath, [...hook, join(ROOT, 'dist/main.js')], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], ...environment, DIE_AT: dieAt ?? '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.ended = once(this.child, 'close');
    if (this.child.stdout !== null) {
      createInterface({ input: this.child.stdout }).on('line', (line) => {
        this.address ??= /Server listening at (http:[^"]+)/.exec(line)?.[1] ?? null;
      });
    }
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.complaint += text));
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Waits until it serves, or has ended by itself; null then. @throws Error with what it said on a failed start */
  async url(): Promise<string | null> {
    await eventually(() => this.address !== null || this.hasEnded, {
      withinMs: STARTED_WITHIN_MS,
      everyMs: 25,
    });
    if (this.address === null && this.child.signalCode === null) {
      throw new Error(`the service did not start: ${this.complaint}`);
    }
    return this.address;
  }

  /** As a power cut would end it. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
