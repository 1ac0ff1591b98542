import { runCommandLine } from './command-line.js';
import type { TaskEntry } from './task.js';

const ENTRIES: readonly TaskEntry[] = [
  {
    name: 'start-local',
    summary: 'Starts everything on this machine, submits the sample claims and keeps serving.',
    load: async () => (await import('./start-local.task.js')).startLocalTask,
  },
  {
    name: 'migrate',
    summary: 'Brings the database to the newest schema.',
    load: async () => (await import('./migrate.task.js')).migrateTask,
  },
  {
    name: 'seed',
    summary: 'Creates the demo merchant, its receiving account and an API key; again does nothing.',
    load: async () => (await import('./seed.task.js')).seedTask,
  },
];

try {
  process.exitCode = await runCommandLine(ENTRIES, process.argv.slice(2), {
    out: (text) => process.stdout.write(text),
    error: (text) => process.stderr.write(text),
  });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
