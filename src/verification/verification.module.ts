import { Global, Module, type OnModuleInit, type Provider } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { BankGatewayModule } from '../bank-gateway/bank-gateway.module.js';
import { CredentialUses } from '../bank-gateway/credentials/credential-uses.port.js';
import { CredentialDirectory } from '../merchants/credential-directory.port.js';
import { MerchantsModule } from '../merchants/merchants.module.js';
import { EventCatalog } from '../platform/event-store/event-catalog.js';
import { ProjectionRegistry } from '../platform/projections/projection-registry.js';
import { WorkerRegistry } from '../platform/workers/worker.js';
import { MovementBindings } from '../transactions/decide-transaction/movement-bindings.port.js';
import { SubmissionPolicy } from '../transactions/submit-transaction/submission-policy.port.js';
import { AccountSweeper } from './account-sweeper.js';
import { AccountSweeps } from './account-sweeps.store.js';
import { AskLanes } from './ask-lanes.js';
import { AskRecord } from './ask-record.js';
import { BankTurn } from './bank-turn.js';
import { BindMovementHandler } from './bind-movement/bind-movement.command-handler.js';
import { slotEvents } from './bind-movement/slot.event.js';
import { BindingRecoveryWorker } from './binding-recovery.worker.js';
import { CallRunner } from './call-runner.js';
import { ClaimAsker } from './claim-asker.js';
import { ClaimPreparer } from './claim-preparer.js';
import { ClaimReader } from './claim-reader.js';
import { StoredCredentialUses } from './credential-uses.store.js';
import { DueClaims } from './due-claims.js';
import { EstimateCalibrationWorker } from './estimate-calibration.worker.js';
import { ExplainTransactionHandler } from './explain-transaction/explain-transaction.query-handler.js';
import { Foresight } from './explain-transaction/foresight.js';
import { CommissionShares } from './commission-shares.port.js';
import { GatewayCommissionShares } from './gateway-commission-shares.js';
import { GatewayCredentialDirectory } from './gateway-credential-directory.js';
import { GatewaySubmissionPolicy } from './gateway-submission-policy.js';
import { LeftOpen } from './left-open.store.js';
import { MovementBinder } from './movement-binder.js';
import { ObserveMovementsHandler } from './observe-movements/observe-movements.command-handler.js';
import { RecordSweepHandler } from './record-sweep/record-sweep.command-handler.js';
import { sweepEvents } from './record-sweep/sweep.event.js';
import { ReleaseMovementHandler } from './release-movement/release-movement.command-handler.js';
import { PersonsBindings } from './persons-bindings.js';
import { Repairs } from './repairs.js';
import { Speakers } from './speaker.store.js';
import { SweepFollowUp } from './sweep-follow-up.js';
import { SweepRecord } from './sweep-record.js';
import { VerdictMeter } from './verdict-meter.js';
import { VerdictSteps } from './verdict-steps.js';
import { VerificationCensusWorker } from './verification-census.worker.js';
import { VerificationQueueProjection } from './verification-queue.projection.js';
import { VerificationQueue } from './verification-queue.store.js';
import { VerificationWorker } from './verification.worker.js';

/** Everything of this context; tests put it together on other stores. */
export const VERIFICATION_PROVIDERS: readonly Provider[] = [
  AccountSweeper,
  AccountSweeps,
  AskLanes,
  AskRecord,
  BankTurn,
  BindMovementHandler,
  BindingRecoveryWorker,
  CallRunner,
  ClaimAsker,
  ClaimPreparer,
  ClaimReader,
  DueClaims,
  EstimateCalibrationWorker,
  ExplainTransactionHandler,
  Foresight,
  LeftOpen,
  MovementBinder,
  ObserveMovementsHandler,
  RecordSweepHandler,
  ReleaseMovementHandler,
  Repairs,
  Speakers,
  SweepFollowUp,
  SweepRecord,
  VerdictMeter,
  VerdictSteps,
  VerificationCensusWorker,
  VerificationQueue,
  VerificationQueueProjection,
  VerificationWorker,
];

// Global for the sake of what it exports: others ask for it and may not import this context.
@Global()
@Module({
  imports: [CqrsModule, BankGatewayModule, MerchantsModule],
  providers: [
    ...VERIFICATION_PROVIDERS,
    { provide: SubmissionPolicy, useClass: GatewaySubmissionPolicy },
    { provide: MovementBindings, useClass: PersonsBindings },
    { provide: CredentialUses, useClass: StoredCredentialUses },
    { provide: CredentialDirectory, useClass: GatewayCredentialDirectory },
    { provide: CommissionShares, useClass: GatewayCommissionShares },
  ],
  exports: [
    SubmissionPolicy,
    MovementBindings,
    CredentialUses,
    CredentialDirectory,
    CommissionShares,
  ],
})
export class VerificationModule implements OnModuleInit {
  constructor(
    private readonly catalog: EventCatalog,
    private readonly projections: ProjectionRegistry,
    private readonly workers: WorkerRegistry,
    private readonly queue: VerificationQueueProjection,
    private readonly asking: VerificationWorker,
    private readonly recovery: BindingRecoveryWorker,
    private readonly census: VerificationCensusWorker,
    private readonly calibration: EstimateCalibrationWorker,
  ) {}

  onModuleInit(): void {
    this.catalog.register(slotEvents);
    this.catalog.register(sweepEvents);
    this.projections.register(this.queue);
    for (const worker of [this.asking, this.recovery, this.census, this.calibration]) {
      this.workers.register(worker);
    }
  }
}
