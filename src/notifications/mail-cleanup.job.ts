import { Injectable } from '@nestjs/common';
import type { Job } from '../platform/jobs/job.js';
import { ClaimsDigestStore } from './claims-digest.store.js';
import { MailWatch } from './mail-delivery.js';
import { MailConfig } from './mail.config.js';
import { MailQueue } from './mail-queue.store.js';

const DAY_MS = 24 * 3600 * 1000;
// To find out what became of a mail that somebody misses.
const MAILS_KEPT_DAYS = 30;
// Longer than a claim is matched at most.
const TOLD_KEPT_DAYS = 400;

/** Deletes mails that are over, and what merchants were told of long ago. */
@Injectable()
export class MailCleanupJob implements Job {
  readonly name = 'mail-cleanup';
  readonly summary =
    'Gives up mails that are kept for too long, deletes those that were over 30 days ago.';
  readonly everyMs = DAY_MS;

  constructor(
    private readonly queue: MailQueue,
    private readonly digests: ClaimsDigestStore,
    private readonly watch: MailWatch,
    private readonly config: MailConfig,
  ) {}

  async run(): Promise<string> {
    const { clock, metrics } = this.watch;
    const now = clock.now().getTime();
    const tooOld = new Date(now - this.config.keptDays * DAY_MS);
    const givenUp = await this.queue.giveUp(tooOld, new Date(now));
    for (const kind of givenUp) metrics.mails.inc({ kind, outcome: 'failed' });
    const mails = await this.queue.flush(new Date(now - MAILS_KEPT_DAYS * DAY_MS));
    const told = await this.digests.flush(new Date(now - TOLD_KEPT_DAYS * DAY_MS));
    return `gave up ${givenUp.length} mails, deleted ${mails} and ${told} marks`;
  }
}
