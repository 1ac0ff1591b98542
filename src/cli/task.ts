import type { ParseArgsOptionsConfig } from 'node:util';

/** One option of a task, with the line that `--help` prints for it. */
export interface TaskOption {
  readonly type: 'string' | 'boolean';
  readonly summary: string;
  readonly default?: string;
}

export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

/** What one command of the command line does. */
export interface Task {
  readonly options: Readonly<Record<string, TaskOption>>;
  /** Name of the one word that must follow the command, given to it among its values. */
  readonly operand?: string;
  /** Answers the exit code. */
  run(values: OptionValues): Promise<number>;
}

/** A command as the list shows it; its code is loaded only when it is called. */
export interface TaskEntry {
  /** One to three words, the longer name before the shorter: `migrate`, `secrets generate`. */
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Task>;
}

/** Wrong use of the command line (EX_USAGE of sysexits.h). */
export const EXIT_USAGE = 64;

/** Ended by a signal before the work was done (128 + SIGINT). */
export const EXIT_INTERRUPTED = 130;

/** Someone called a command wrongly; the message says how. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** The form that `node:util` parses. */
export const parseOptions = (options: Task['options']): ParseArgsOptionsConfig =>
  Object.fromEntries(
    Object.entries(options).map(([name, { type, default: preset }]) => [
      name,
      preset === undefined ? { type } : { type, default: preset },
    ]),
  );
