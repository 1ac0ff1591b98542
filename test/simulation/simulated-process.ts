import { CommandBus } from '@nestjs/cqrs';
import { BankGateway } from '../../src/bank-gateway/bank-gateway.port.js';
import type { BankSetup } from '../../src/bank-gateway/bank-setup.js';
import { GatewayClosures } from '../../src/bank-gateway/permits/gateway-closures.port.js';
import { PermitLog } from '../../src/bank-gateway/permits/permit-log.port.js';
import { Clock } from '../../src/kernel/clock.js';
import { RandomSource } from '../../src/kernel/ids.js';
import { MerchantDirectory } from '../../src/merchants/merchant-directory.port.js';
import { CommandRunner } from '../../src/platform/event-store/command-runner.js';
import { EventStoreCommandRunner } from '../../src/platform/event-store/event-store-command-runner.js';
import { EventStore } from '../../src/platform/event-store/event-store.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { PersonalDataVault } from '../../src/platform/personal-data/personal-data.js';
import { CancelTransactionHandler } from '../../src/transactions/cancel-transaction/cancel-transaction.command-handler.js';
import { CorrectTransactionHandler } from '../../src/transactions/correct-transaction/correct-transaction.command-handler.js';
import { DecideTransactionHandler } from '../../src/transactions/decide-transaction/decide-transaction.command-handler.js';
import { MovementBindings } from '../../src/transactions/decide-transaction/movement-bindings.port.js';
import { LoadTransactionHandler } from '../../src/transactions/load-transaction/load-transaction.query-handler.js';
import { RecordVerificationHandler } from '../../src/transactions/record-verification/record-verification.command-handler.js';
import { RequestVerificationHandler } from '../../src/transactions/request-verification/request-verification.command-handler.js';
import { SubmissionPolicy } from '../../src/transactions/submit-transaction/submission-policy.port.js';
import { SubmitTransactionHandler } from '../../src/transactions/submit-transaction/submit-transaction.command-handler.js';
import { AccountSweeps } from '../../src/verification/account-sweeps.store.js';
import { AskLanes } from '../../src/verification/ask-lanes.js';
import { BindMovementHandler } from '../../src/verification/bind-movement/bind-movement.command-handler.js';
import { BindingRecoveryWorker } from '../../src/verification/binding-recovery.worker.js';
import { Foresight } from '../../src/verification/explain-transaction/foresight.js';
import { GatewaySubmissionPolicy } from '../../src/verification/gateway-submission-policy.js';
import { LeftOpen } from '../../src/verification/left-open.store.js';
import { ObserveMovementsHandler } from '../../src/verification/observe-movements/observe-movements.command-handler.js';
import { RecordSweepHandler } from '../../src/verification/record-sweep/record-sweep.command-handler.js';
import { PersonsBindings } from '../../src/verification/persons-bindings.js';
import { ReleaseMovementHandler } from '../../src/verification/release-movement/release-movement.command-handler.js';
import { Speakers } from '../../src/verification/speaker.store.js';
import { VerificationQueue } from '../../src/verification/verification-queue.store.js';
import { VerificationConfig } from '../../src/verification/verification.config.js';
import { VerificationWorker } from '../../src/verification/verification.worker.js';
import type { InMemoryDueWork } from '../support/in-memory-due-work.js';
import { InMemorySpeakers, type SpeakingRights } from '../support/in-memory-speakers.js';
import { Assembly, type Public } from './assembly.js';
import type { Dice } from './dice.js';
import { LineGateway } from './line-gateway.js';
import { type Life, mortal } from './mortal.js';
import type { SimulatedWire } from './simulated-wire.js';
import type { ProcessClock } from './virtual-time.js';

// How often it looks whether what waits for company has waited enough.
const AGAIN_MS = 60_000;

/** What all processes share: the log, Postgres, the bank, the merchants. */
export interface Surroundings {
  readonly config: VerificationConfig;
  readonly setup: BankSetup;
  readonly permits: PermitLog;
  readonly closures: GatewayClosures;
  readonly dueWork: InMemoryDueWork;
  readonly rights: SpeakingRights;
  readonly merchants: MerchantDirectory;
  readonly vault: PersonalDataVault;
  readonly metrics: Metrics;
}

/** What is one process's own. */
export interface Own {
  readonly name: string;
  readonly life: Life;
  readonly clock: ProcessClock;
  readonly dice: Dice;
  readonly log: EventStore;
  readonly wire: SimulatedWire;
  /** How long it sleeps when it finds nothing that it may do. */
  readonly lookMs: number;
  /** Puts a defect into the process, to see whether it is found. */
  readonly alter?: (assembly: Assembly) => void;
}

/** One instance of the service: the real workers and handlers, on doubles of what lies outside of it. */
export class SimulatedProcess {
  private readonly assembly = new Assembly();
  private readonly running = new AbortController().signal;

  constructor(
    private readonly world: Surroundings,
    private readonly own: Own,
  ) {
    const { assembly } = this;
    const { life, clock, dice, log, wire } = own;
    const permits = mortal(world.permits, life);
    const closures = mortal(world.closures, life);
    const { setup } = world;
    const gateway = new LineGateway({ setup, wire, permits, closures, clock, random: dice });
    const dueWork = mortal(world.dueWork, life);
    const speakers: Public<Speakers> = new InMemorySpeakers(world.rights, own.name);
    assembly
      .provide(Clock, clock)
      .provide(RandomSource, dice)
      .provide(EventStore, log)
      .provide(CommandRunner, new EventStoreCommandRunner(log))
      .provide(PermitLog, permits)
      .provide(BankGateway, gateway)
      .provide(GatewayClosures, closures)
      .provide(VerificationQueue, dueWork)
      .provide(AccountSweeps, dueWork)
      .provide(LeftOpen, dueWork)
      .provide(Speakers, mortal(speakers, life))
      .provide(MerchantDirectory, world.merchants)
      .provide(PersonalDataVault, world.vault)
      .provide(VerificationConfig, world.config)
      .provide(Metrics, world.metrics);
    own.alter?.(assembly);
    assembly
      .provide(SubmissionPolicy, assembly.get(GatewaySubmissionPolicy))
      .provide(MovementBindings, assembly.get(PersonsBindings))
      .handleCommands(
        SubmitTransactionHandler,
        CancelTransactionHandler,
        CorrectTransactionHandler,
        DecideTransactionHandler,
        RequestVerificationHandler,
        RecordVerificationHandler,
        BindMovementHandler,
        ObserveMovementsHandler,
        RecordSweepHandler,
        ReleaseMovementHandler,
      )
      .handleQueries(LoadTransactionHandler);
  }

  get commands(): CommandBus {
    return this.assembly.get(CommandBus);
  }

  /** What it would answer whoever asks for an explanation. */
  get foresight(): Foresight {
    return this.assembly.get(Foresight);
  }

  get isDead(): boolean {
    return this.own.life.isOver;
  }

  /** One round of asking; true while calls are under way. */
  async ask(): Promise<boolean> {
    return (await this.assembly.get(VerificationWorker).run(this.running)) === 'busy';
  }

  /** One look for what was begun and left. */
  async recover(): Promise<void> {
    await this.assembly.get(BindingRecoveryWorker).run(this.running);
  }

  /** How long nothing can be done, as far as this process knows; infinite when nothing is due. */
  get idleForMs(): number {
    const { credential, limits, adapter } = this.world.setup;
    const { credentialId } = credential;
    const lane = this.assembly.get(AskLanes).of(credentialId);
    const msPerCall = (limits.windowMs + limits.marginMs) / limits.calls;
    // Without listings nothing waits for company.
    const patience = adapter.capabilities.listing === null ? 0 : lane.patience(msPerCall);
    const { dueWork } = this.world;
    const nowMs = this.own.clock.now().getTime();
    const readyInMs = dueWork.nextReadyMs(credentialId, patience) - nowMs;
    // Patience shrinks while first asks are few.
    const isPatient = dueWork.nextReadyMs(credentialId, 0) <= nowMs;
    const untilMs = isPatient ? Math.min(readyInMs, AGAIN_MS) : readyInMs;
    return Number.isFinite(untilMs) ? Math.max(this.own.lookMs, lane.waitsForMs, untilMs) : untilMs;
  }
}
