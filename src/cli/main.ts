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
  {
    name: 'admin create',
    summary: 'Makes an admin and prints a password for the first sign-in.',
    load: async () => (await import('./people.task.js')).adminCreateTask,
  },
  {
    name: 'admin password',
    summary: 'Gives a user a fresh password for the next sign-in and ends its sessions.',
    load: async () => (await import('./people.task.js')).adminPasswordTask,
  },
  {
    name: 'tokens flush',
    summary: 'Deletes sessions that have ended, with their tokens.',
    load: async () => (await import('./people.task.js')).tokensFlushTask,
  },
  {
    name: 'keys rotate',
    summary:
      'Makes a new key for signing access tokens; the present one goes on until it takes over.',
    load: async () => (await import('./people.task.js')).keysRotateTask,
  },
  {
    name: 'audit tail',
    summary:
      'Prints the last acts of the audit; --json prints whole entries, to be kept elsewhere.',
    load: async () => (await import('./audit.task.js')).auditTailTask,
  },
  {
    name: 'gateway status',
    summary: 'Says whether calls to a bank are held until a person reopens the way.',
    load: async () => (await import('./gateway.task.js')).gatewayStatusTask,
  },
  {
    name: 'gateway pause',
    summary: 'Sends no more calls under a credential.',
    load: async () => (await import('./gateway.task.js')).gatewayPauseTask,
  },
  {
    name: 'gateway resume',
    summary: 'Reopens the way to a bank, after credentials were refused or it was paused.',
    load: async () => (await import('./gateway.task.js')).gatewayResumeTask,
  },
  {
    name: 'config table',
    summary: 'Prints every variable of the configuration as a page in Markdown.',
    load: async () => (await import('./config-table.task.js')).configTableTask,
  },
  {
    name: 'gateway answer',
    summary: 'Prints what a bank answered to an ask, word for word, while it is kept.',
    load: async () => (await import('./gateway.task.js')).gatewayAnswerTask,
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
