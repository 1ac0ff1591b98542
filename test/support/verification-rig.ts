import { Global, Logger, Module, type INestApplicationContext } from '@nestjs/common';
import { CqrsModule, QueryBus } from '@nestjs/cqrs';
import { Test } from '@nestjs/testing';
import { BankGateway } from '../../src/bank-gateway/bank-gateway.port.js';
import { PermitLimitsByCredential } from '../../src/bank-gateway/permits/permit-limits.js';
import { GatewayClosures } from '../../src/bank-gateway/permits/gateway-closures.port.js';
import { PermitLog } from '../../src/bank-gateway/permits/permit-log.port.js';
import { Clock } from '../../src/kernel/clock.js';
import { RandomSource, SystemRandomSource, uuidFrom } from '../../src/kernel/ids.js';
import { MerchantDirectory } from '../../src/merchants/merchant-directory.port.js';
import { DatabaseConnection } from '../../src/platform/database/database.js';
import type { PostgresConnection } from '../../src/platform/database/postgres-connection.js';
import { CommandRunner } from '../../src/platform/event-store/command-runner.js';
import { EventStoreCommandRunner } from '../../src/platform/event-store/event-store-command-runner.js';
import { EventStore, type LogPosition } from '../../src/platform/event-store/event-store.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { PersonalDataVault } from '../../src/platform/personal-data/personal-data.js';
import type { TransactionSubmitted } from '../../src/transactions/events/transaction-submitted.event.js';
import { transactionEvents } from '../../src/transactions/events/transaction.event.js';
import { ExplainTransaction } from '../../src/transactions/explain-transaction/explain-transaction.query.js';
import type { Explanation } from '../../src/transactions/explain-transaction/explanation.resource.js';
import { GetTransactionHandler } from '../../src/transactions/get-transaction/get-transaction.query-handler.js';
import { LoadTransactionHandler } from '../../src/transactions/load-transaction/load-transaction.query-handler.js';
import { RecordVerificationHandler } from '../../src/transactions/record-verification/record-verification.command-handler.js';
import { slotEvents } from '../../src/verification/bind-movement/slot.event.js';
import { sweepEvents } from '../../src/verification/record-sweep/sweep.event.js';
import { BindingRecoveryWorker } from '../../src/verification/binding-recovery.worker.js';
import { EstimateCalibrationWorker } from '../../src/verification/estimate-calibration.worker.js';
import { VerificationQueueProjection } from '../../src/verification/verification-queue.projection.js';
import { VerificationConfig } from '../../src/verification/verification.config.js';
import { VERIFICATION_PROVIDERS } from '../../src/verification/verification.module.js';
import { VerificationWorker } from '../../src/verification/verification.worker.js';
import { happened, SUBMITTED_AT } from './a-transaction.js';
import { CrashingEventStore, type CrashPoint } from './crashing-event-store.js';
import { InMemoryEventStore } from './in-memory-event-store.js';
import { InMemoryGatewayClosures } from './in-memory-gateway-closures.js';
import { InMemoryPermitLog } from './in-memory-permit-log.js';
import {
  EmptyVault,
  OneAccountEach,
  RIG_LIMITS,
  RIG_METADATA,
  RIG_SETTINGS,
  type RigDatabase,
} from './rig-surroundings.js';
import { ScriptedBank } from './scripted-bank.js';
import { TestClock } from './test-clock.js';
import { eventToAppend } from './event-to-append.js';

/** One instance of the service, as far as verification goes. */
export class VerifierInstance {
  constructor(
    private readonly context: INestApplicationContext,
    readonly store: CrashingEventStore,
    readonly metrics: Metrics,
  ) {}

  /** One look of every worker; a round whose store is dead fails, and its process would be gone. */
  async round(): Promise<void> {
    const stillRunning = new AbortController().signal;
    const [asking, recovery] = [
      this.context.get(VerificationWorker),
      this.context.get(BindingRecoveryWorker),
    ];
    await recovery.run(stillRunning).catch(() => undefined);
    let outcome = 'busy';
    while (outcome === 'busy') outcome = await asking.run(stillRunning).catch(() => 'idle');
  }

  /** Holds what was foreseen against what came. */
  async calibrate(): Promise<void> {
    await this.context.get(EstimateCalibrationWorker).run();
  }

  /** What staff is told of a transaction. */
  async explain(transactionId: string): Promise<Explanation> {
    return this.context.get(QueryBus).execute(
      new ExplainTransaction(transactionId, {
        actor: 'user:test',
        merchantId: null,
        mode: 'live',
        permissions: new Set(),
      }),
    );
  }

  async stop(): Promise<void> {
    await this.context.close();
  }
}

/** What instances share: the log, Postgres, the bank, time; and the projection that feeds the queue. */
export class VerificationRig {
  readonly log = new InMemoryEventStore([...transactionEvents, ...slotEvents, ...sweepEvents]);
  readonly clock = new TestClock(new Date(SUBMITTED_AT));
  readonly bank = new ScriptedBank();
  private readonly instances: VerifierInstance[] = [];
  private readonly projection: VerificationQueueProjection;
  private readonly permits: InMemoryPermitLog;
  readonly closures = new InMemoryGatewayClosures();
  private projectedTo: LogPosition | null = null;

  /** A rig with an empty queue; the database is the file's. */
  static async start(
    { db }: RigDatabase,
    config: Partial<VerificationConfig> = {},
  ): Promise<VerificationRig> {
    // Refusals and crashes are what these tests are about; their log lines are not.
    Logger.overrideLogger(false);
    await db.kysely.deleteFrom('read.verification_queue').execute();
    await db.kysely.deleteFrom('read.account_sweep').execute();
    await db.kysely.deleteFrom('state.credential_speaker').execute();
    return new VerificationRig(db, new VerificationConfig({ ...RIG_SETTINGS, ...config }));
  }

  private constructor(
    readonly db: PostgresConnection,
    private readonly config: VerificationConfig,
  ) {
    this.projection = new VerificationQueueProjection(config);
    this.permits = new InMemoryPermitLog(new PermitLimitsByCredential(RIG_LIMITS), this.clock);
  }

  async instance(crash: CrashPoint | null = null): Promise<VerifierInstance> {
    const store = new CrashingEventStore(this.log, crash);
    const metrics = new Metrics();
    const shared = [
      { provide: Clock, useValue: this.clock },
      { provide: RandomSource, useValue: new SystemRandomSource() },
      // Without the hook that would close the shared pool when one instance stops.
      { provide: DatabaseConnection, useValue: { kysely: this.db.kysely } },
      { provide: EventStore, useValue: store },
      { provide: CommandRunner, useValue: new EventStoreCommandRunner(store) },
      { provide: BankGateway, useValue: this.bank },
      { provide: PermitLog, useValue: this.permits },
      { provide: GatewayClosures, useValue: this.closures },
      { provide: MerchantDirectory, useValue: new OneAccountEach() },
      { provide: PersonalDataVault, useValue: new EmptyVault() },
      { provide: VerificationConfig, useValue: this.config },
      { provide: Metrics, useValue: metrics },
    ];
    @Global()
    @Module({ providers: shared, exports: shared.map(({ provide }) => provide) })
    class Shared {}
    const context = await Test.createTestingModule({
      imports: [CqrsModule.forRoot(), Shared],
      providers: [
        RecordVerificationHandler,
        LoadTransactionHandler,
        GetTransactionHandler,
        ...VERIFICATION_PROVIDERS,
      ],
    }).compile();
    await context.init();
    const instance = new VerifierInstance(context, store, metrics);
    this.instances.push(instance);
    return instance;
  }

  /** A claim in the log, as a merchant submitted it. */
  async submit(name: string, over: Partial<TransactionSubmitted> = {}): Promise<string> {
    const transactionId = uuidFrom('rig', name);
    const submittedAt = this.clock.now().toISOString();
    const { type, data } = happened.submitted({ transactionId, submittedAt, ...over });
    await this.log.append(`transaction-${transactionId}`, 'no_stream', [
      eventToAppend({
        eventId: uuidFrom('rig submitted', name),
        type,
        data,
        metadata: RIG_METADATA,
      }),
    ]);
    return transactionId;
  }

  /** Adds what a person did. */
  async add(transactionId: string, event: { type: string; data: unknown }): Promise<void> {
    const streamName = `transaction-${transactionId}`;
    const { length } = await this.log.readStream(streamName);
    const eventId = uuidFrom('rig added', transactionId, String(length));
    await this.log.append(streamName, BigInt(length - 1), [
      eventToAppend({ eventId, ...event, metadata: RIG_METADATA }),
    ]);
  }

  async history(transactionId: string): Promise<readonly string[]> {
    const events = await this.log.readStream(`transaction-${transactionId}`);
    return events.map(({ type }) => type.replace(/\.v\d+$/, ''));
  }

  async merchantOf(transactionId: string): Promise<string> {
    const [submitted] = await this.log.readStream(`transaction-${transactionId}`);
    if (submitted === undefined) throw new Error('there is no such transaction');
    return (submitted.data as TransactionSubmitted).merchantId;
  }

  async slot(slot: string): Promise<readonly StoredEvent[]> {
    return this.log.readStream(`movement-${slot}`);
  }

  /** Brings the queue up to date with the log. */
  async project(): Promise<void> {
    const done = new AbortController();
    const events: StoredEvent[] = [];
    const prefixes = this.projection.categories.map((category) => `${category}-`);
    for await (const item of this.log.followAll(this.projectedTo, prefixes, done.signal)) {
      if (item.kind === 'caught_up') done.abort();
      if (item.kind === 'event') events.push(item.event);
    }
    const last = events.at(-1);
    if (last === undefined) return;
    await this.db.kysely.transaction().execute((tx) => this.projection.apply(tx, events));
    this.projectedTo = { position: last.position, preparePosition: last.preparePosition };
  }

  /** Lets instances work for some virtual seconds, in steps, the queue following after each. */
  async work(
    seconds: number | { readonly seconds: number; readonly step: number },
    ...instances: readonly VerifierInstance[]
  ): Promise<void> {
    const pace = typeof seconds === 'number' ? { seconds, step: 1 } : seconds;
    for (let second = 0; second < pace.seconds; second += pace.step) {
      await this.project();
      await Promise.all(instances.map((instance) => instance.round()));
      this.clock.advance(pace.step * 1_000);
    }
    await this.project();
  }

  /** Whoever speaks for a credential has been silent for long enough, by Postgres's clock, that another may. */
  async handOver(): Promise<void> {
    await this.db.kysely.deleteFrom('state.credential_speaker').execute();
  }

  async stop(): Promise<void> {
    await Promise.all(this.instances.map((instance) => instance.stop()));
  }
}
