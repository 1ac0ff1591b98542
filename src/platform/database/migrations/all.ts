import type { Kysely } from 'kysely';
import * as platform from './0001-platform.js';
import * as merchantsAndKeys from './0002-merchants-and-keys.js';
import * as verification from './0006-verification.js';

/** One step of the schema. `down` exists for development; production goes forward only. */
export interface SchemaMigration {
  readonly up: (db: Kysely<unknown>) => Promise<void>;
  readonly down: (db: Kysely<unknown>) => Promise<void>;
}

/** Every migration in order, by name; the names are stored and are for ever. */
export const migrations: Readonly<Record<string, SchemaMigration>> = {
  '0001-platform': platform,
  '0002-merchants-and-keys': merchantsAndKeys,
  '0006-verification': verification,
};
