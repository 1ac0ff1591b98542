import type { LocalFolder } from './local-folder.js';
import { ManagedProcess, type ProcessPlan } from './managed-process.js';
import { endSurvivors } from './survivors.js';

/** Keeps the processes of a local run: starts them in groups, stops them in the opposite order. */
export class Supervisor {
  private readonly processes: ManagedProcess[] = [];
  private stopped: Promise<void> | null = null;
  /** Rejects when a process cannot be kept alive. */
  readonly broken: Promise<never>;
  private giveUp: (why: Error) => void = () => undefined;

  constructor(
    private readonly folder: LocalFolder,
    private readonly say: (line: string) => void,
  ) {
    this.broken = new Promise((_, reject) => {
      this.giveUp = reject;
    });
    // Whoever waits for it hears of it; with nobody waiting it must not end the process.
    this.broken.catch(() => undefined);
  }

  endSurvivors(): Promise<void> {
    return endSurvivors(this.folder.at('processes'), this.say);
  }

  /** Starts processes that do not need each other, and waits until all are ready. */
  async start(...plans: readonly ProcessPlan[]): Promise<void> {
    const started = plans.map(
      (plan) => new ManagedProcess(plan, this.folder, this.say, this.giveUp),
    );
    this.processes.push(...started);
    // All of them settle before a failure is told, so that none is started behind a stop.
    const results = await Promise.allSettled(started.map((each) => each.start()));
    const failure = results.find((result) => result.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
  }

  /** A process by its name. */
  process(name: string): ManagedProcess {
    const found = this.processes.find((each) => each.name === name);
    if (found === undefined) throw new Error(`there is no process ${name}`);
    return found;
  }

  /** Stops all, the last started first, and waits for each. */
  stop(): Promise<void> {
    this.stopped ??= this.stopInOrder();
    return this.stopped;
  }

  private async stopInOrder(): Promise<void> {
    for (const each of this.processes.toReversed()) await each.stop();
  }
}
