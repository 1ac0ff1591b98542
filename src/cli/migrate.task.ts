import { readConfiguration } from '../platform/config/config.js';
import { DatabaseConfig } from '../platform/config/config.schema.js';
import { migrateToLatest } from '../platform/database/migrator.js';
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
