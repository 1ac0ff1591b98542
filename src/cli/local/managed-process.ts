import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { LocalFolder } from './local-folder.js';
import { identityOf, signal } from './process-identity.js';

export interface ProcessPlan {
  /** Names it in messages, and its log and pid files. */
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /**
   * How it tells that it is ready: a JSON line on its standard output, or an address that answers 2xx.
   * With an address its standard output is part of its log.
   */
  readonly readiness: 'json-line' | { readonly url: string };
}

const READY_WITHIN_MS = 60_000;
const STOPS_WITHIN_MS = 15_000;
// A process that dies more often than this within a minute would die for ever.
const MOST_RESTARTS = 5;
const RESTART_WINDOW_MS = 60_000;

const howItEnded = (child: ChildProcess): string =>
  child.signalCode === null ? `exit ${child.exitCode}` : child.signalCode;

/** Runs in a process group of its own, so that a Ctrl-C in the terminal reaches only the supervisor. */
function launch(plan: ProcessPlan, log: number): ChildProcess {
  const readsOutput = plan.readiness === 'json-line';
  return spawn(process.execPath, [plan.script, ...plan.args], {
    detached: true,
    env: { ...withoutOurs(process.env), ...plan.environment },
    stdio: ['ignore', readsOutput ? 'pipe' : log, log],
  });
}

/** Only what any program needs: a variable of the caller's shell must not configure the service. */
const withoutOurs = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(environment).filter(([name]) =>
      /^(PATH|HOME|USER|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|SystemRoot|NODE_OPTIONS)$/.test(name),
    ),
  );

/** One process of the local run: started, watched, started again when it dies, stopped. */
export class ManagedProcess {
  /** How long the last start took until it was ready. */
  readyAfterMs = 0;
  private child: ChildProcess | null = null;
  private stopping = false;
  private restarts: number[] = [];

  constructor(
    private readonly plan: ProcessPlan,
    private readonly folder: LocalFolder,
    private readonly say: (line: string) => void,
    private readonly giveUp: (why: Error) => void,
  ) {}

  get name(): string {
    return this.plan.name;
  }

  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  /** Starts it and waits until it is ready. @throws Error with its last words when it does not become so */
  async start(): Promise<void> {
    const began = performance.now();
    const log = openSync(this.logPath, 'a', 0o600);
    const child = launch(this.plan, log);
    closeSync(log);
    this.child = child;
    const exited = once(child, 'exit');
    await this.writePid(child);
    const readiness = new AbortController();
    const fails = exited.then(() => this.fail(`ended (${howItEnded(child)}) before it was ready`));
    const late = delay(READY_WITHIN_MS, undefined, { signal: readiness.signal }).then(() =>
      this.fail(`was not ready within ${READY_WITHIN_MS / 1000} s`),
    );
    try {
      await Promise.race([this.ready(child, readiness.signal), fails, late]);
      this.readyAfterMs = performance.now() - began;
    } finally {
      readiness.abort();
      late.catch(() => undefined);
      fails.catch(() => undefined);
    }
    void exited.then(() => this.revive(child));
  }

  /** Asks it to end, insists after a while, and waits for the end. */
  async stop(): Promise<void> {
    this.stopping = true;
    const child = this.child;
    if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      signal(child.pid, 'SIGTERM');
      const insist = setTimeout(() => {
        this.say(`${this.name} does not stop; killing it.`);
        child.kill('SIGKILL');
      }, STOPS_WITHIN_MS);
      await exited;
      clearTimeout(insist);
    }
    await rm(this.pidPath, { force: true });
  }

  private get logPath(): string {
    return this.folder.at('logs', `${this.name}.log`);
  }

  private get pidPath(): string {
    return this.folder.at('processes', `${this.name}.json`);
  }

  private async writePid(child: ChildProcess): Promise<void> {
    const identity = child.pid === undefined ? null : await identityOf(child.pid);
    if (identity !== null) await writeFile(this.pidPath, JSON.stringify(identity), { mode: 0o600 });
  }

  private async ready(child: ChildProcess, abort: AbortSignal): Promise<void> {
    if (this.plan.readiness !== 'json-line') return answers(this.plan.readiness.url, abort);
    if (child.stdout === null) return;
    const lines = createInterface({ input: child.stdout });
    const [line] = (await once(lines, 'line', { signal: abort })) as [string];
    JSON.parse(line);
    // Whatever it says later is not read, but must not block it.
    lines.on('line', () => undefined);
  }

  private async fail(what: string): Promise<never> {
    const log = await readFile(this.logPath, 'utf8').catch(() => '');
    const lastWords = log.trimEnd().split('\n').slice(-5).join('\n  ');
    throw new Error(`${this.name} ${what}; see ${this.logPath}\n  ${lastWords}`);
  }

  private async revive(child: ChildProcess): Promise<void> {
    if (this.stopping) return;
    const now = performance.now();
    this.restarts = [...this.restarts.filter((at) => now - at < RESTART_WINDOW_MS), now];
    const count = this.restarts.length;
    try {
      if (count > MOST_RESTARTS) await this.fail(`ended ${count} times within a minute`);
      this.say(
        `${this.name} ended (${howItEnded(child)}); starting it again, ${count} of at most ${MOST_RESTARTS} times a minute.`,
      );
      await this.start();
      this.say(`${this.name} is up again.`);
    } catch (error) {
      if (!this.stopping) this.giveUp(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

async function answers(url: string, abort: AbortSignal): Promise<void> {
  while (!abort.aborted) {
    const response = await fetch(url, {
      signal: AbortSignal.any([abort, AbortSignal.timeout(2_000)]),
    }).catch(() => null);
    await response?.body?.cancel();
    if (response?.ok === true) return;
    await delay(50);
  }
}
