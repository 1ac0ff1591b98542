import { readConfiguration } from '../platform/config/config.js';
import { DatabaseConfig } from '../platform/config/config.schema.js';
import { listMigrations, migrateToLatest } from '../platform/database/migrator.js';
import type { Task } from './task.js';

export const migrateTask: Task = {
  options: {},
  async run() {
    const { url } = readConfiguration([DatabaseConfig]).section(DatabaseConfig);
    const ran = await migrateToLatest(url.reveal());
    for (const name of ran) console.log(`Migrated ${name}.`);
    if (ran.length === 0) console.log('The schema is up to date.');
    return 0;
  },
};

/** What ran, what is pending; before a release, and for a script: 1 when anything is pending. */
export const migrateCheckTask: Task = {
  options: {},
  async run() {
    const { url } = readConfiguration([DatabaseConfig]).section(DatabaseConfig);
    const all = await listMigrations(url.reveal());
    for (const { name, executedAt } of all) {
      console.log(`${executedAt === undefined ? 'pending' : executedAt.toISOString()}  ${name}`);
    }
    return all.every(({ executedAt }) => executedAt !== undefined) ? 0 : 1;
  },
};
