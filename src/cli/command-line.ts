import { parseArgs } from 'node:util';
import {
  EXIT_USAGE,
  parseOptions,
  UsageError,
  type OptionValues,
  type Task,
  type TaskEntry,
} from './task.js';

/** Where the command line writes; a spec gives its own. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
}

const PROGRAM = 'node dist/cli/main.js';

const column = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('');
};

function usage(entries: readonly TaskEntry[]): string {
  const rows = entries.map(({ name, summary }) => [name, summary] as const);
  return `Usage: ${PROGRAM} <command> [options]\n\n${column(rows)}\n<command> --help tells its options.\n`;
}

function taskUsage(entry: TaskEntry, { options, operand }: Task): string {
  const rows = Object.entries(options).map(([name, option]): [string, string] => [
    `--${name}${option.type === 'string' ? ' VALUE' : ''}`,
    option.default === undefined ? option.summary : `${option.summary} (default ${option.default})`,
  ]);
  const listed = column([...rows, ['--help', 'print this']]);
  return `${entry.summary}\n\nUsage: ${PROGRAM} ${entry.name}${operand === undefined ? '' : ` <${operand}>`} [options]\n\n${listed}`;
}

/** The entry whose words the arguments begin with, and the rest. */
function find(
  entries: readonly TaskEntry[],
  args: readonly string[],
): { entry: TaskEntry; rest: string[] } | null {
  for (const entry of entries) {
    const words = entry.name.split(' ');
    if (words.every((word, at) => args[at] === word)) {
      return { entry, rest: args.slice(words.length) };
    }
  }
  return null;
}

function parse({ options, operand }: Task, args: string[]): OptionValues {
  const { values, positionals } = parsed(options, args, operand !== undefined);
  if (operand === undefined) return values;
  const [given, ...more] = positionals;
  if (given === undefined || more.length > 0) throw new UsageError(`name one ${operand}`);
  return { ...values, [operand]: given };
}

function parsed(
  options: Task['options'],
  args: string[],
  allowPositionals: boolean,
): { values: OptionValues; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: parseOptions(options),
      allowPositionals,
    });
    return { values: values as OptionValues, positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Runs the command that the arguments name and answers the exit code of the process. */
export async function runCommandLine(
  entries: readonly TaskEntry[],
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const found = find(entries, args);
  if (found === null) {
    const asked = args[0] === '--help' || args[0] === 'help';
    if (asked) terminal.out(usage(entries));
    else if (args[0] === undefined) terminal.error(usage(entries));
    else terminal.error(`There is no command "${args.join(' ')}".\n\n${usage(entries)}`);
    return asked ? 0 : EXIT_USAGE;
  }
  const { entry, rest } = found;
  const task = await entry.load();
  if (rest.includes('--help')) {
    terminal.out(taskUsage(entry, task));
    return 0;
  }
  try {
    return await task.run(parse(task, rest));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.error(`${error.message}\n\n${taskUsage(entry, task)}`);
    return EXIT_USAGE;
  }
}
