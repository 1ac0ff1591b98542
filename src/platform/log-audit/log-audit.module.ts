import { Module, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { PersonalDataConfig } from '../config/config.schema.js';
import { DatabaseConnection } from '../database/database.js';
import { LogReader } from '../event-store/log-reader.js';
import { WorkerRegistry } from '../workers/worker.js';
import { anchorKeyFrom } from './anchor.js';
import { LogAnchorWorker } from './log-anchor.worker.js';
import { LogAnchoring } from './log-anchoring.js';
import { LogAnchors } from './log-anchors.store.js';
import { LogAuditConfig } from './log-audit.config.js';

/** Anchors the log; the walk that judges it is a task of the command line. */
@Module({
  providers: [
    {
      provide: LogAnchors,
      inject: [DatabaseConnection],
      useFactory: (db: DatabaseConnection) => new LogAnchors(db),
    },
    {
      provide: LogAnchorWorker,
      inject: [LogReader, LogAnchors, Clock, PersonalDataConfig, LogAuditConfig],
      useFactory: (
        reader: LogReader,
        anchors: LogAnchors,
        clock: Clock,
        { indexKey }: PersonalDataConfig,
        config: LogAuditConfig,
      ) => {
        const key = anchorKeyFrom(indexKey.reveal());
        const anchoring = new LogAnchoring({ reader, anchors, clock, key });
        return new LogAnchorWorker({ anchoring, anchors, clock, config });
      },
    },
  ],
})
export class LogAuditModule implements OnModuleInit {
  constructor(
    private readonly workers: WorkerRegistry,
    private readonly worker: LogAnchorWorker,
  ) {}

  onModuleInit(): void {
    this.workers.register(this.worker);
  }
}
