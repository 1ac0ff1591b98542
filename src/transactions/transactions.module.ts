import { Module, type OnModuleInit } from '@nestjs/common';
import { MerchantsModule } from '../merchants/merchants.module.js';
import { PersonalDataConfig } from '../platform/config/config.schema.js';
import { EventCatalog } from '../platform/event-store/event-catalog.js';
import { PageCursors } from '../platform/http/page-cursor.js';
import { ProblemCatalog } from '../platform/http/problem-catalog.js';
import { ProjectionRegistry } from '../platform/projections/projection-registry.js';
import { CancelTransactionController } from './cancel-transaction/cancel-transaction.controller.js';
import { CancelTransactionHandler } from './cancel-transaction/cancel-transaction.command-handler.js';
import { ClaimedKeys } from './correct-transaction/claimed-keys.js';
import { CorrectTransactionController } from './correct-transaction/correct-transaction.controller.js';
import { CorrectTransactionHandler } from './correct-transaction/correct-transaction.command-handler.js';
import { DecideTransactionController } from './decide-transaction/decide-transaction.controller.js';
import { DecideTransactionHandler } from './decide-transaction/decide-transaction.command-handler.js';
import { transactionRejections } from './domain/transaction.rejections.js';
import { transactionEvents } from './events/transaction.event.js';
import { ErasePersonalDataController } from './erase-personal-data/erase-personal-data.controller.js';
import { ErasePersonalDataHandler } from './erase-personal-data/erase-personal-data.command-handler.js';
import { ErasedKeysProjection } from './erase-personal-data/erased-keys.projection.js';
import { ExplainTransactionController } from './explain-transaction/explain-transaction.controller.js';
import { GetTransactionController } from './get-transaction/get-transaction.controller.js';
import { GetTransactionHandler } from './get-transaction/get-transaction.query-handler.js';
import { TransactionChanges } from './get-transaction/transaction-changes.js';
import { GetTransactionEventsController } from './get-transaction-events/get-transaction-events.controller.js';
import { GetTransactionEventsHandler } from './get-transaction-events/get-transaction-events.query-handler.js';
import { ListTransactionsController } from './list-transactions/list-transactions.controller.js';
import { ListTransactionsHandler } from './list-transactions/list-transactions.query-handler.js';
import { TransactionViewProjection } from './list-transactions/transaction-view.projection.js';
import { LoadTransactionHandler } from './load-transaction/load-transaction.query-handler.js';
import { RecordVerificationHandler } from './record-verification/record-verification.command-handler.js';
import { BulkAdmission } from './submit-in-bulk/bulk-admission.js';
import { SubmitInBulkController } from './submit-in-bulk/submit-in-bulk.controller.js';
import { RequestVerificationController } from './request-verification/request-verification.controller.js';
import { RequestVerificationHandler } from './request-verification/request-verification.command-handler.js';
import { ClaimAdmission } from './submit-transaction/claim-admission.js';
import { ClaimStreams } from './submit-transaction/claim-streams.js';
import { SubmitTransactionController } from './submit-transaction/submit-transaction.controller.js';
import { SubmitTransactionHandler } from './submit-transaction/submit-transaction.command-handler.js';
import { VerdictWait } from './submit-transaction/verdict-wait.js';

const cursors = {
  provide: PageCursors,
  inject: [PersonalDataConfig],
  // Derived, so that nobody has to keep one more secret; a cursor holds nothing personal.
  useFactory: ({ indexKey }: PersonalDataConfig) =>
    new PageCursors(indexKey.reveal(), 'transactions'),
};

/** Claims and what becomes of them. The composition root must provide `SubmissionPolicy` and `MovementBindings` to everyone. */
@Module({
  imports: [MerchantsModule],
  controllers: [
    SubmitTransactionController,
    SubmitInBulkController,
    ListTransactionsController,
    GetTransactionController,
    GetTransactionEventsController,
    ExplainTransactionController,
    CancelTransactionController,
    ErasePersonalDataController,
    CorrectTransactionController,
    RequestVerificationController,
    DecideTransactionController,
  ],
  providers: [
    ClaimAdmission,
    BulkAdmission,
    ClaimStreams,
    TransactionChanges,
    VerdictWait,
    cursors,
    SubmitTransactionHandler,
    CancelTransactionHandler,
    ErasePersonalDataHandler,
    ErasedKeysProjection,
    ClaimedKeys,
    CorrectTransactionHandler,
    RequestVerificationHandler,
    DecideTransactionHandler,
    RecordVerificationHandler,
    LoadTransactionHandler,
    GetTransactionHandler,
    GetTransactionEventsHandler,
    ListTransactionsHandler,
    TransactionViewProjection,
  ],
})
export class TransactionsModule implements OnModuleInit {
  constructor(
    private readonly events: EventCatalog,
    problems: ProblemCatalog,
    private readonly projections: ProjectionRegistry,
    private readonly view: TransactionViewProjection,
    private readonly erasedKeys: ErasedKeysProjection,
  ) {
    // At once: the document of the API is written without starting anything.
    problems.register(transactionRejections);
  }

  onModuleInit(): void {
    this.events.register(transactionEvents);
    this.projections.register(this.view);
    this.projections.register(this.erasedKeys);
  }
}
