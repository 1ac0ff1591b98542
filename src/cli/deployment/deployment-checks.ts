import { readFile } from 'node:fs/promises';
import { BreachedPasswordsConfig } from '../../access/passwords/breached-passwords.config.js';
import { configuredHashes, digestOf } from '../../access/passwords/breached-passwords.js';
import { CONFIG_SECTIONS } from '../../app.module.js';
import { SystemClock } from '../../kernel/clock.js';
import { ConfigurationInvalid, readConfiguration } from '../../platform/config/config.js';
import { DatabaseConfig } from '../../platform/config/config.schema.js';
import { listMigrations } from '../../platform/database/migrator.js';
import { JobRegistry } from '../../platform/jobs/job.js';
import { JobRuns } from '../../platform/jobs/job-runs.store.js';
import { JobsConfig } from '../../platform/jobs/jobs.config.js';
import { findUnsafe } from '../security/security-check.task.js';
import { withApplication } from '../with-application.js';

export const STAGES = ['development', 'staging', 'production'] as const;
export type Stage = (typeof STAGES)[number];

/** What a check may look at. */
export interface Deployment {
  /** Where others reach the service; null while it does not run. */
  readonly url: string | null;
  readonly checkout: string;
}

/** One line of a checklist that a command can look at. */
export interface DeploymentCheck {
  readonly what: string;
  readonly from: Stage;
  /** Null when it is so; otherwise what is wrong, in words for a person. */
  look(deployment: Deployment): Promise<string | null>;
}

const ANSWERS_WITHIN_MS = 10_000;
// A backup is made every day; some hours more are the ones it may take and be repeated in.
const BACKUP_AGE_SECONDS = 26 * 3_600;
const OLDEST_NODE = 24;

const ask = (url: string): Promise<Response> =>
  fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });

async function lookAtConfiguration(): Promise<string | null> {
  await Promise.resolve();
  try {
    readConfiguration(CONFIG_SECTIONS);
    return null;
  } catch (error) {
    if (!(error instanceof ConfigurationInvalid)) throw error;
    return error.problems.map(({ name, reason }) => `${name} ${reason}`).join('; ');
  }
}

async function lookAtMigrations(): Promise<string | null> {
  const { url } = readConfiguration([DatabaseConfig]).section(DatabaseConfig);
  const all = await listMigrations(url.reveal());
  const pending = all.filter(({ executedAt }) => executedAt === undefined).length;
  return pending === 0 ? null : `${pending} are pending: migrate`;
}

async function lookAtReadiness({ url }: Deployment): Promise<string | null> {
  if (url === null) return '--url was not given';
  const { status } = await ask(new URL('/readyz', url).href);
  return status === 200 ? null : `/readyz answers ${status}`;
}

async function lookAtTransport({ url }: Deployment): Promise<string | null> {
  if (url === null) return '--url was not given';
  if (!url.startsWith('https://')) return `${url} is not https`;
  const { headers } = await ask(new URL('/readyz', url).href);
  if (headers.get('strict-transport-security') === null) return 'no strict-transport-security';
  const plain = await ask(new URL('/readyz', url.replace('https://', 'http://')).href).catch(
    () => null,
  );
  return plain === null || plain.status >= 300 ? null : 'plain HTTP is answered';
}

async function lookAtMetricsFromOutside({ url }: Deployment): Promise<string | null> {
  if (url === null) return '--url was not given';
  const { status } = await ask(new URL('/metrics', url).href);
  return status === 200 ? '/metrics answers everybody' : null;
}

async function lookAtSettings({ checkout }: Deployment): Promise<string | null> {
  const findings = await findUnsafe({ checkout });
  return findings.length === 0 ? null : `${findings.length} findings: security check tells them`;
}

async function lookAtBackups(): Promise<string | null> {
  const { backupSuccessFile: file } = readConfiguration([JobsConfig]).section(JobsConfig);
  if (file === '') return 'BACKUP_LAST_SUCCESS_FILE is not set';
  const seconds = Number.parseInt(await readFile(file, 'utf8'), 10);
  const age = new SystemClock().now().getTime() / 1_000 - seconds;
  return age < BACKUP_AGE_SECONDS ? null : `the last one is ${Math.round(age / 3_600)} hours old`;
}

async function lookAtBreachedPasswords(): Promise<string | null> {
  const configuration = readConfiguration([BreachedPasswordsConfig]);
  const hashes = configuredHashes(
    configuration.section(BreachedPasswordsConfig),
    new SystemClock(),
  );
  if (hashes === null) return 'neither BREACHED_PASSWORDS_FILE nor BREACHED_PASSWORDS_URL is set';
  // Every list of breached passwords has this one.
  return (await hashes.has(digestOf('password'))) ? null : 'the list does not know "password"';
}

const lookAtJobs = (): Promise<string | null> =>
  withApplication(async (app) => {
    const runs = await app.get(JobRuns).all();
    const late = app
      .get(JobRegistry)
      .all()
      .filter(({ name }) => runs.get(name)?.failed !== false)
      .map(({ name }) => name);
    return late.length === 0 ? null : `failed or never ran: ${late.join(', ')}`;
  });

async function lookAtNode(): Promise<string | null> {
  await Promise.resolve();
  const major = Number.parseInt(process.versions.node, 10);
  return major >= OLDEST_NODE ? null : `this is Node ${process.versions.node}`;
}

/** In the order in which they help: what is needed for the later ones comes first. */
export const DEPLOYMENT_CHECKS: readonly DeploymentCheck[] = [
  { what: `Node ${OLDEST_NODE} or later`, from: 'development', look: lookAtNode },
  { what: 'every setting is there and right', from: 'development', look: lookAtConfiguration },
  { what: 'the schema is current', from: 'development', look: lookAtMigrations },
  { what: 'the service is ready', from: 'staging', look: lookAtReadiness },
  { what: 'settings and secrets are safe', from: 'staging', look: lookAtSettings },
  { what: 'TLS alone, with HSTS', from: 'staging', look: lookAtTransport },
  { what: 'metrics are not public', from: 'staging', look: lookAtMetricsFromOutside },
  { what: 'breached passwords are refused', from: 'production', look: lookAtBreachedPasswords },
  { what: 'scheduled jobs end well', from: 'production', look: lookAtJobs },
  { what: 'a backup of the last day', from: 'production', look: lookAtBackups },
];

/** What no command can see, and a person must have looked at. */
export const BY_EYE: Readonly<Record<Stage, readonly string[]>> = {
  development: [],
  staging: [
    'credentials are its own, none of production’s',
    'BANESCO_BASE_URL is not the bank’s production',
  ],
  production: [
    'PERSONAL_DATA_MASTER_KEY and backup-passphrase are in a vault, and were read back once',
    'one backup was restored elsewhere: scripts/rehearse-recovery.sh, and a file of production',
    'a real page reached whoever is on call',
    'the limits are those of the contract with the bank',
  ],
};
