import {
  Logger,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type Provider,
} from '@nestjs/common';
import { createSecretKey } from 'node:crypto';
import { Clock, SystemClock } from '../kernel/clock.js';
import { RandomSource, SystemRandomSource } from '../kernel/ids.js';
import type { Configuration } from './config/config.js';
import {
  DatabaseConfig,
  EventStoreConfig,
  PersonalDataConfig,
  ProjectionConfig,
  RolesConfig,
} from './config/config.schema.js';
import { DatabaseConnection } from './database/database.js';
import { PostgresConnection } from './database/postgres-connection.js';
import { CommandRunner } from './event-store/command-runner.js';
import { EventCatalog } from './event-store/event-catalog.js';
import { EventCodec } from './event-store/event-codec.js';
import { EventStoreCommandRunner } from './event-store/event-store-command-runner.js';
import { EventStore } from './event-store/event-store.js';
import { EventStoreDbEventStore } from './event-store/eventstoredb.event-store.js';
import { EventStoreDbLogReader } from './event-store/eventstoredb.log-reader.js';
import { LogReader } from './event-store/log-reader.js';
import { APPEND_THREAD } from './event-store/threaded.appender.js';
import { Metrics } from './metrics/metrics.js';
import { DataKeyStore } from './personal-data/data-key.store.js';
import { MasterKeys } from './personal-data/master-keys.js';
import { PersonalDataVault } from './personal-data/personal-data.js';
import { StoredPersonalDataVault } from './personal-data/stored-personal-data-vault.js';
import { ProjectionRegistry } from './projections/projection-registry.js';
import { ProjectionRunner } from './projections/projection-runner.js';
import { QueuedAppends } from './projections/queued-appends.js';
import { ReadModelProgress } from './projections/read-model-progress.js';
import { WorkerRunner } from './workers/worker-runner.js';
import { WorkerRegistry } from './workers/worker.js';

const databaseLogger = new Logger('Database');

const stores: Provider[] = [
  {
    provide: DatabaseConnection,
    inject: [DatabaseConfig, Metrics],
    useFactory: (config: DatabaseConfig, metrics: Metrics) =>
      new PostgresConnection(
        {
          url: config.url.reveal(),
          poolSize: config.poolSize,
          onConnectionFailure: (err) =>
            databaseLogger.warn({ err }, 'a connection to Postgres broke'),
        },
        metrics,
      ),
  },
  EventCatalog,
  {
    provide: EventCodec,
    inject: [EventCatalog],
    useFactory: (catalog: EventCatalog) => new EventCodec(catalog),
  },
  {
    provide: EventStore,
    inject: [EventStoreConfig, EventCodec, Metrics],
    useFactory: (config: EventStoreConfig, codec: EventCodec, metrics: Metrics) =>
      new EventStoreDbEventStore(
        {
          url: config.url.reveal(),
          ...(config.appendThread ? { appendThread: APPEND_THREAD } : null),
        },
        codec,
        metrics,
      ),
  },
  {
    provide: LogReader,
    inject: [EventStoreConfig],
    useFactory: ({ url }: EventStoreConfig) => new EventStoreDbLogReader(url.reveal()),
  },
  {
    provide: CommandRunner,
    inject: [EventStore],
    useFactory: (store: EventStore) => new EventStoreCommandRunner(store),
  },
];

const personalData: Provider[] = [
  {
    provide: StoredPersonalDataVault,
    inject: [PersonalDataConfig, DatabaseConnection, RandomSource, Clock],
    useFactory: (
      config: PersonalDataConfig,
      db: DatabaseConnection,
      random: RandomSource,
      clock: Clock,
    ) =>
      new StoredPersonalDataVault({
        keys: new DataKeyStore(db, MasterKeys.from(config), random),
        indexKey: createSecretKey(config.indexKey.reveal()),
        clock,
      }),
  },
  { provide: PersonalDataVault, useExisting: StoredPersonalDataVault },
];

const background: Provider[] = [
  ProjectionRegistry,
  QueuedAppends,
  {
    provide: ProjectionRunner,
    inject: [
      ProjectionRegistry,
      RolesConfig,
      ProjectionConfig,
      DatabaseConfig,
      EventStore,
      DatabaseConnection,
      Clock,
      Metrics,
    ],
    useFactory: (
      registry: ProjectionRegistry,
      roles: RolesConfig,
      limits: ProjectionConfig,
      database: DatabaseConfig,
      store: EventStore,
      db: DatabaseConnection,
      clock: Clock,
      metrics: Metrics,
    ) => new ProjectionRunner(registry, { roles, limits, database, store, db, clock, metrics }),
  },
  {
    provide: ReadModelProgress,
    inject: [ProjectionRegistry, DatabaseConnection, LogReader, Clock, QueuedAppends],
    useFactory: (
      registry: ProjectionRegistry,
      db: DatabaseConnection,
      log: LogReader,
      clock: Clock,
      queued: QueuedAppends,
    ) => new ReadModelProgress({ registry, db, log, clock, queued }),
  },
  WorkerRegistry,
  WorkerRunner,
];

/**
 * What every context stands on: configuration, clock, stores, projections, workers. Loops and subscriptions end in
 * `beforeApplicationShutdown`, the stores' connections in `onApplicationShutdown`, when nothing uses them any more.
 */
@Module({})
export class PlatformModule implements OnApplicationBootstrap {
  static with(configuration: Configuration): DynamicModule {
    const sections = configuration
      .entries()
      .map(([section, values]) => ({ provide: section, useValue: values }));
    return {
      module: PlatformModule,
      global: true,
      providers: [
        ...sections,
        { provide: Clock, useClass: SystemClock },
        { provide: RandomSource, useClass: SystemRandomSource },
        ...stores,
        ...personalData,
        ...background,
      ],
      exports: [
        ...configuration.entries().map(([section]) => section),
        Clock,
        RandomSource,
        DatabaseConnection,
        EventCatalog,
        EventCodec,
        EventStore,
        LogReader,
        CommandRunner,
        PersonalDataVault,
        ProjectionRegistry,
        ProjectionRunner,
        ReadModelProgress,
        QueuedAppends,
        WorkerRegistry,
      ],
    };
  }

  constructor(
    private readonly vault: StoredPersonalDataVault,
    private readonly roles: RolesConfig,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.roles.roles.includes('api')) return;
    // The first claims must not wait for keys; when Postgres is away they ask again by themselves.
    this.vault
      .prepare()
      .catch((err: unknown) => databaseLogger.warn({ err }, 'no data keys are ready yet'));
  }
}
