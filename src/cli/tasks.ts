import type { TaskEntry } from './task.js';

/** Every command of the command line; the longer name before the shorter. */
export const TASKS: readonly TaskEntry[] = [
  {
    name: 'start-local',
    summary: 'Starts everything on this machine, submits the sample claims and keeps serving.',
    load: async () => (await import('./start-local.task.js')).startLocalTask,
  },
  {
    name: 'migrate check',
    summary: 'Says which migrations are pending; exit code 1 when one is.',
    load: async () => (await import('./migrate.task.js')).migrateCheckTask,
  },
  {
    name: 'migrate',
    summary: 'Brings the database to the newest schema.',
    load: async () => (await import('./migrate.task.js')).migrateTask,
  },
  {
    name: 'seed',
    summary:
      'Creates the demo merchant, its account, an API key and two users; again does nothing.',
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
    name: 'admin totp-reset',
    summary: "Takes a user's lost second factor away and ends its sessions.",
    load: async () => (await import('./people.task.js')).adminTotpResetTask,
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
    name: 'secrets generate',
    summary: 'Makes fresh secrets: --all of them, to the output, a file or a folder.',
    load: async () => (await import('./security/secrets-generate.task.js')).secretsGenerateTask,
  },
  {
    name: 'security check',
    summary: 'Names every setting that is unsafe in production and how to mend it; exit code 1.',
    load: async () => (await import('./security/security-check.task.js')).securityCheckTask,
  },
  {
    name: 'endpoints check',
    summary: 'Asks every endpoint of a running service and names those not as documented.',
    load: async () => (await import('./endpoints/endpoints-check.task.js')).endpointsCheckTask,
  },
  {
    name: 'audit tail',
    summary: 'Prints the last acts of the audit; --json prints whole entries.',
    load: async () => (await import('./audit/audit-tail.task.js')).auditTailTask,
  },
  {
    name: 'audit export',
    summary: 'Writes the whole audit from the log, with all that its hashes are made of.',
    load: async () => (await import('./audit/audit-export.task.js')).auditExportTask,
  },
  {
    name: 'audit verify',
    summary: 'Recounts the hashes and chains of an export; exit code 1 when anything is wrong.',
    load: async () => (await import('./audit/audit-export.task.js')).auditVerifyTask,
  },
  {
    name: 'api document',
    summary: 'Prints the OpenAPI document of this version.',
    load: async () => (await import('./api-document.task.js')).apiDocumentTask,
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
    name: 'gateway credentials list',
    summary: 'Lists the credentials: of the configuration, created, and retired.',
    load: async () => (await import('./gateway-lines.task.js')).gatewayCredentialsListTask,
  },
  {
    name: 'gateway credentials create',
    summary: 'Creates a credential, which is in force once the bank takes its secrets.',
    load: async () => (await import('./gateway-lines.task.js')).gatewayCredentialsCreateTask,
  },
  {
    name: 'gateway credentials retire',
    summary: 'Ends a credential that was created, once no account and no open claim uses it.',
    load: async () => (await import('./gateway-lines.task.js')).gatewayCredentialsRetireTask,
  },
  {
    name: 'gateway credentials set',
    summary: 'Tests new secrets at a bank and puts them in force, without a restart.',
    load: async () => (await import('./gateway-credentials.task.js')).gatewayCredentialsSetTask,
  },
  {
    name: 'gateway credentials status',
    summary: 'Says whether stored secrets are in force, or those of the configuration.',
    load: async () => (await import('./gateway-credentials.task.js')).gatewayCredentialsStatusTask,
  },
  {
    name: 'gateway credentials remove',
    summary: 'Deletes the stored secrets, so that those of the configuration hold again.',
    load: async () => (await import('./gateway-credentials.task.js')).gatewayCredentialsRemoveTask,
  },
  {
    name: 'logs review',
    summary: 'Summarises a log: levels, complaints, failed and slow routes; exit code 1 on errors.',
    load: async () => (await import('./logs/logs-review.task.js')).logsReviewTask,
  },
  {
    name: 'logs map',
    summary: 'Names lines of the sources where a log or a stack trace names lines of the bundle.',
    load: async () => (await import('./logs/logs-map.task.js')).logsMapTask,
  },
  {
    name: 'events',
    summary: 'Prints what happened to a transaction, from first to last.',
    load: async () => (await import('./events.task.js')).eventsTask,
  },
  {
    name: 'log verify',
    summary: 'Walks the whole log: chains, decisions, anchors; names everything that is wrong.',
    load: async () => (await import('./log.task.js')).logVerifyTask,
  },
  {
    name: 'log anchor',
    summary: 'Signs how far the log goes and what stands in it.',
    load: async () => (await import('./log.task.js')).logAnchorTask,
  },
  {
    name: 'personal-data rotate-master',
    summary: 'Locks every data key with the new master key.',
    load: async () => (await import('./personal-data.task.js')).rotateMasterTask,
  },
  {
    name: 'personal-data reapply-erasures',
    summary: 'Deletes the key of every erasure in the log; after a restore of the database.',
    load: async () => (await import('./personal-data.task.js')).reapplyErasuresTask,
  },
  {
    name: 'deployment check',
    summary: 'Goes through the checklist of a stage; exit code 1 when something is missing.',
    load: async () => (await import('./deployment/deployment-check.task.js')).deploymentCheckTask,
  },
  {
    name: 'walk',
    summary: 'Walks a claim from end to end against a service that runs, its duplicate included.',
    load: async () => (await import('./walk.task.js')).walkTask,
  },
  {
    name: 'mails list',
    summary: 'Lists the mails that could not be handed over and are kept.',
    load: async () => (await import('./mails.task.js')).mailsListTask,
  },
  {
    name: 'mails resend',
    summary: 'Has mails that are kept sent again: one, or all.',
    load: async () => (await import('./mails.task.js')).mailsResendTask,
  },
  {
    name: 'jobs list',
    summary: 'Lists the scheduled jobs, how often each runs and how it went last.',
    load: async () => (await import('./jobs.task.js')).jobsListTask,
  },
  {
    name: 'jobs run',
    summary: 'Runs a scheduled job now; for cron, where JOBS_IN_SERVICE is false.',
    load: async () => (await import('./jobs.task.js')).jobsRunTask,
  },
  {
    name: 'backup list',
    summary: 'Tells what can be restored.',
    load: async () => (await import('./backup.task.js')).backupListTask,
  },
  {
    name: 'backup log',
    summary: 'Copies the event store, encrypted, while it runs.',
    load: async () => (await import('./backup.task.js')).backupLogTask,
  },
  {
    name: 'backup',
    summary: 'Copies the event store and Postgres, encrypted, while they run; deletes old backups.',
    load: async () => (await import('./backup.task.js')).backupTask,
  },
  {
    name: 'restore',
    summary: 'Brings both stores back to an instant; refuses to overwrite.',
    load: async () => (await import('./backup.task.js')).restoreTask,
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
  {
    name: 'projections list',
    summary: 'Lists the read models, their versions and where each stands.',
    load: async () => (await import('./projections/projections.task.js')).projectionsListTask,
  },
  {
    name: 'projections rebuild',
    summary: 'Builds read models beside the live ones from the log; again goes on.',
    load: async () => (await import('./projections/projections.task.js')).projectionsRebuildTask,
  },
  {
    name: 'projections diff',
    summary: 'Compares the rows built beside with the live ones, row by row.',
    load: async () => (await import('./projections/projections.task.js')).projectionsDiffTask,
  },
  {
    name: 'projections switch',
    summary: 'Makes the rows built beside the live ones, or takes that back.',
    load: async () => (await import('./projections/projections.task.js')).projectionsSwitchTask,
  },
  {
    name: 'projections verify',
    summary: 'Replays the log and compares every live row with what comes of it.',
    load: async () => (await import('./projections/projections.task.js')).projectionsVerifyTask,
  },
  {
    name: 'projections quarantine inspect',
    summary: 'Prints the events that a read model could not apply.',
    load: async () => (await import('./projections/quarantine.task.js')).quarantineInspectTask,
  },
  {
    name: 'projections quarantine retry',
    summary: 'Applies what is in quarantine again, after a fix.',
    load: async () => (await import('./projections/quarantine.task.js')).quarantineRetryTask,
  },
  {
    name: 'projections quarantine',
    summary: 'Lists what is in quarantine and why.',
    load: async () => (await import('./projections/quarantine.task.js')).quarantineListTask,
  },
];
