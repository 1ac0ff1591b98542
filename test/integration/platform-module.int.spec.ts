import { Global, Module, type INestApplicationContext, type OnModuleInit } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { randomBytes } from 'node:crypto';
import { readConfiguration } from '../../src/platform/config/config.js';
import { PLATFORM_SECTIONS } from '../../src/platform/config/config.schema.js';
import { DatabaseConnection } from '../../src/platform/database/database.js';
import { CommandRunner } from '../../src/platform/event-store/command-runner.js';
import { EventCatalog } from '../../src/platform/event-store/event-catalog.js';
import { EventStore } from '../../src/platform/event-store/event-store.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { PersonalDataVault } from '../../src/platform/personal-data/personal-data.js';
import { PlatformModule } from '../../src/platform/platform.module.js';
import { ProjectionRegistry } from '../../src/platform/projections/projection-registry.js';
import { ProjectionRunner } from '../../src/platform/projections/projection-runner.js';
import { WorkerRegistry } from '../../src/platform/workers/worker.js';
import { eventually } from '../support/eventually.js';
import { freshDatabase, TestEventStore, type TestDatabase } from '../support/stores.js';
import { added, SumProjection } from '../support/sum-projection.js';

@Global()
@Module({ providers: [Metrics], exports: [Metrics] })
class MetricsOnlyModule {}

let workerRuns = 0;

/** A context as small as one can be: one event, one read model, one worker. */
@Module({})
class SumsModule implements OnModuleInit {
  constructor(
    private readonly catalog: EventCatalog,
    private readonly projections: ProjectionRegistry,
    private readonly workers: WorkerRegistry,
  ) {}

  onModuleInit(): void {
    this.catalog.register([added]);
    this.projections.register(new SumProjection('sum'));
    this.workers.register({
      name: 'counting',
      role: 'verifier',
      everyMs: 5,
      run: () => {
        workerRuns += 1;
        return Promise.resolve('idle');
      },
    });
  }
}

let node: TestEventStore;
let database: TestDatabase;
let app: INestApplicationContext;

const start = (roles: string): Promise<INestApplicationContext> => {
  const key = randomBytes(32).toString('base64');
  const configuration = readConfiguration(PLATFORM_SECTIONS, {
    DATABASE_URL: database.url,
    EVENTSTORE_URL: node.url,
    // What the thread is started with is the built file.
    EVENTSTORE_APPEND_THREAD: 'false',
    PERSONAL_DATA_MASTER_KEY: key,
    PERSONAL_DATA_INDEX_KEY: key,
    ROLES: roles,
  });
  @Module({ imports: [MetricsOnlyModule, PlatformModule.with(configuration), SumsModule] })
  class RootModule {}
  return NestFactory.createApplicationContext(RootModule, { logger: false });
};

beforeAll(async () => {
  node = await TestEventStore.start();
  database = await freshDatabase();
});

afterAll(async () => {
  await database.drop();
  await node.stop();
});

describe('putting the platform together', () => {
  it('carries a command to a row and stops cleanly', async () => {
    app = await start('api,projector,verifier');
    await SumProjection.createTable(app.get(DatabaseConnection).kysely);
    const result = await app.get(CommandRunner).run({
      streamName: 'sum-1',
      aggregate: { initialState: 0, evolve: (total: number) => total },
      commandId: 'command-1',
      context: {
        actor: 'user:1',
        requestId: 'request',
        correlationId: 'correlation',
        causationId: 'causation',
        traceId: null,
      },
      decide: () => ({ outcome: 'accepted', events: [added({ amount: 5 })] }),
    });
    expect(result.revision).toBe(0n);
    await eventually(() => {
      const [lag] = app.get(ProjectionRunner).lags();
      return lag?.leads === true && lag.moving && lag.events === 0 && lag.seconds === 0;
    });
    const sealed = await app.get(PersonalDataVault).seal({
      phone: null,
      document: null,
      name: 'Persona de Prueba',
      concept: null,
      metadata: null,
    });
    expect((await app.get(PersonalDataVault).open(sealed))?.name).toBe('Persona de Prueba');
    await eventually(() => workerRuns > 1);
    await app.close();
    await expect(app.get(EventStore).ping()).rejects.toThrow();
  });

  it('runs only what the roles ask for', async () => {
    workerRuns = 0;
    app = await start('api');
    expect(app.get(ProjectionRunner).lags()).toEqual([]);
    await app.close();
    expect(workerRuns).toBe(0);
  });
});
