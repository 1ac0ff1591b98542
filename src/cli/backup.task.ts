import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { required } from './required-option.js';
import { EXIT_INTERRUPTED, type OptionValues, type Task, type TaskOption } from './task.js';

const SCRIPTS = resolve(import.meta.dirname, '../../deploy/backup');

/** Options that the scripts read as variables of the environment; the variable holds where the option is not given. */
const PLACES = {
  folder: ['BACKUP_FOLDER', 'where backups lie (default /backups)'],
  'passphrase-file': ['BACKUP_PASSPHRASE_FILE', 'the file with the passphrase'],
  'database-url-file': ['DATABASE_URL_FILE', 'the file with the address of Postgres'],
  'event-store-folder': ['EVENT_STORE_FOLDER', "the event store's files"],
  'event-store-pid': ['EVENT_STORE_PID', 'the process of an embedded event-store node'],
  'postgres-data': [
    'POSTGRES_DATA',
    "the server's files, for pgBackRest; none: a plain dump alone",
  ],
} as const;

const PLACE_OPTIONS: Readonly<Record<string, TaskOption>> = Object.fromEntries(
  Object.entries(PLACES).map(([name, [variable, summary]]) => [
    name,
    { type: 'string', summary: `${summary}; or ${variable}` },
  ]),
);

const environmentOf = (values: OptionValues): NodeJS.ProcessEnv => ({
  ...process.env,
  ...Object.fromEntries(
    Object.entries(PLACES).flatMap(([name, [variable]]) => {
      const value = values[name];
      return typeof value === 'string' ? [[variable, value]] : [];
    }),
  ),
});

/** Runs a script of `deploy/backup`, which also runs where there is no Node; its exit code is the answer. */
async function runScript(
  name: string,
  args: readonly string[],
  values: OptionValues,
): Promise<number> {
  const script = join(SCRIPTS, name);
  if (!existsSync(script)) {
    throw new Error(
      `${script} is not there: backups are made from a checkout, or by ${name} itself`,
    );
  }
  const child = spawn('bash', [script, ...args], { stdio: 'inherit', env: environmentOf(values) });
  // The script has the terminal and ends by itself, having cleaned up.
  const wait = (): void => undefined;
  process.on('SIGINT', wait);
  const [code] = (await once(child, 'exit')) as [number | null];
  process.off('SIGINT', wait);
  return code ?? EXIT_INTERRUPTED;
}

const backUp = (what: 'all' | 'log' | 'list'): Task => ({
  options: PLACE_OPTIONS,
  run: (values) => runScript('backup.sh', [what], values),
});

export const backupTask = backUp('all');
export const backupLogTask = backUp('log');
export const backupListTask = backUp('list');

/** Both servers are stopped; 64 called wrongly, 65 nothing that old, 73 would overwrite, 1 failed. */
export const restoreTask: Task = {
  options: {
    to: { type: 'string', summary: 'the instant, such as 2026-01-31T13:00:00Z, or "latest"' },
    only: { type: 'string', summary: '"postgres" leaves the log as it is' },
    force: { type: 'boolean', summary: 'overwrites what is there' },
    ...PLACE_OPTIONS,
  },
  run(values) {
    const { only } = values;
    const args = [
      '--to',
      required(values, 'to'),
      ...(typeof only === 'string' ? ['--only', only] : []),
      ...(values['force'] === true ? ['--force'] : []),
    ];
    return runScript('restore.sh', args, values);
  },
};
