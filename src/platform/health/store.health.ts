import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DatabaseConnection } from '../database/database.js';
import { migrations } from '../database/migrations/all.js';
import { EventStore } from '../event-store/event-store.js';
import { HealthRegistry, type HealthFinding } from './health-registry.js';

/** The migrator's own table. */
// oxlint-disable-next-line typescript/consistent-type-definitions -- an interface has no index signature, which Kysely asks for
type MigrationTables = { 'state.kysely_migration': { readonly name: string } };

// SQLSTATE for a table or schema that is not there: nothing was ever migrated.
const NOTHING_THERE = new Set(['42P01', '3F000']);

/** Looks at the two stores and at the schema of the database. */
@Injectable()
export class StoreHealth implements OnModuleInit {
  private schemaIsCurrent = false;

  constructor(
    private readonly registry: HealthRegistry,
    private readonly db: DatabaseConnection,
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    const { registry } = this;
    registry.register({ name: 'database', advisory: false, look: () => this.lookAtDatabase() });
    registry.register({ name: 'event_store', advisory: false, look: () => this.lookAtLog() });
    registry.register({ name: 'migrations', advisory: false, look: () => this.lookAtSchema() });
  }

  private lookAtDatabase(): Promise<HealthFinding> {
    return this.timed(() =>
      this.db.kysely
        .selectNoFrom((expression) => expression.val(1).as('one'))
        .executeTakeFirstOrThrow(),
    );
  }

  private lookAtLog(): Promise<HealthFinding> {
    return this.timed(() => this.store.ping());
  }

  private async timed(ask: () => Promise<unknown>): Promise<HealthFinding> {
    const startedMs = this.clock.monotonicMs();
    await ask();
    const ms = Math.round((this.clock.monotonicMs() - startedMs) * 10) / 10;
    return { status: 'pass', observed: ms, unit: 'ms' };
  }

  private async lookAtSchema(): Promise<HealthFinding> {
    // Migrations only go forward while processes run, so one look that found none pending is enough.
    const pending = this.schemaIsCurrent ? 0 : await this.pendingMigrations();
    this.schemaIsCurrent = pending === 0;
    return pending === 0
      ? { status: 'pass', observed: 0, unit: 'pending' }
      : { status: 'fail', observed: pending, unit: 'pending', reason: 'migrations are pending' };
  }

  private async pendingMigrations(): Promise<number> {
    const names = Object.keys(migrations);
    try {
      const ran = await this.db.kysely
        .withTables<MigrationTables>()
        .selectFrom('state.kysely_migration')
        .select('name')
        .execute();
      const done = new Set(ran.map(({ name }) => name));
      return names.filter((name) => !done.has(name)).length;
    } catch (error) {
      if (NOTHING_THERE.has(String((error as { code?: unknown }).code))) return names.length;
      throw error;
    }
  }
}
