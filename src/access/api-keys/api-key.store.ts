import { Injectable } from '@nestjs/common';
import { DatabaseConnection } from '../../platform/database/database.js';
import type { ApiKeyRow, NewApiKeyRow } from './api-key.table.js';

// SQLSTATE of a row that names a parent that is not there.
const FOREIGN_KEY_VIOLATION = '23503';

@Injectable()
export class ApiKeyStore {
  constructor(private readonly db: DatabaseConnection) {}

  async findByPrefix(prefix: string): Promise<ApiKeyRow | null> {
    const row = await this.db.kysely
      .selectFrom('state.api_key')
      .selectAll()
      .where('prefix', '=', prefix)
      .executeTakeFirst();
    return row ?? null;
  }

  /** Adds a key; false when its merchant does not exist. */
  async add(key: NewApiKeyRow): Promise<boolean> {
    try {
      await this.db.kysely.insertInto('state.api_key').values(key).execute();
      return true;
    } catch (error) {
      if ((error as { code?: unknown }).code === FOREIGN_KEY_VIOLATION) return false;
      throw error;
    }
  }
}
