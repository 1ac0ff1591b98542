import { Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { ActWitnesses } from '../access/acts/act-witnesses.port.js';
import { AccessModule } from '../access/access.module.js';
import { JobRegistry } from '../platform/jobs/job.js';
import { WorkerRegistry } from '../platform/workers/worker.js';
import { ActMails } from './act-mails.witness.js';
import { ClaimsDigestJob } from './claims-digest.job.js';
import { ClaimsDigestStore } from './claims-digest.store.js';
import { MailCleanupJob } from './mail-cleanup.job.js';
import { MailDelivery, MailWatch } from './mail-delivery.js';
import { MailQueue } from './mail-queue.store.js';
import { MailConfig } from './mail.config.js';
import { MailWorker } from './mail.worker.js';
import { Mailer } from './mailer.port.js';
import { SmtpMailer } from './smtp.mailer.js';

/** Where what runs by itself is entered. */
@Injectable()
class Registries {
  constructor(
    readonly witnesses: ActWitnesses,
    readonly workers: WorkerRegistry,
    readonly jobs: JobRegistry,
  ) {}
}

/** What runs by itself. */
@Injectable()
class Mails {
  constructor(
    readonly ofActs: ActMails,
    readonly ofClaims: ClaimsDigestJob,
    readonly worker: MailWorker,
    readonly cleanup: MailCleanupJob,
  ) {}
}

/** What people and merchants are told by mail; nothing at all without a mail server. */
@Module({
  imports: [AccessModule],
  providers: [
    ActMails,
    ClaimsDigestJob,
    ClaimsDigestStore,
    MailCleanupJob,
    MailDelivery,
    MailQueue,
    MailWatch,
    MailWorker,
    Mails,
    Registries,
    { provide: Mailer, useClass: SmtpMailer },
  ],
})
export class NotificationsModule implements OnModuleInit {
  constructor(
    private readonly config: MailConfig,
    private readonly registries: Registries,
    private readonly mails: Mails,
  ) {}

  onModuleInit(): void {
    if (this.config.host === '') return;
    const { witnesses, workers, jobs } = this.registries;
    witnesses.register(this.mails.ofActs);
    workers.register(this.mails.worker);
    jobs.register(this.mails.ofClaims);
    jobs.register(this.mails.cleanup);
  }
}
