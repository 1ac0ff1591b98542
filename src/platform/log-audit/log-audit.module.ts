import { Module, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { PersonalDataConfig } from '../config/config.schema.js';
import { DatabaseConnection } from '../database/database.js';
import { LogReader } from '../event-store/log-reader.js';
import { JobRegistry } from '../jobs/job.js';
import { anchorKeyFrom } from './anchor.js';
import { LogAnchorJob } from './log-anchor.job.js';
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
      provide: LogAnchorJob,
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
        return new LogAnchorJob(anchoring, config);
      },
    },
  ],
})
export class LogAuditModule implements OnModuleInit {
  constructor(
    private readonly jobs: JobRegistry,
    private readonly job: LogAnchorJob,
  ) {}

  onModuleInit(): void {
    this.jobs.register(this.job);
  }
}
