import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import type { Job } from '../platform/jobs/job.js';
import { ClaimsDigestStore } from './claims-digest.store.js';
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
  readonly summary = 'Deletes mails that were sent or given up 30 days ago.';
  readonly everyMs = DAY_MS;

  constructor(
    private readonly queue: MailQueue,
    private readonly digests: ClaimsDigestStore,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<string> {
    const now = this.clock.now().getTime();
    const mails = await this.queue.flush(new Date(now - MAILS_KEPT_DAYS * DAY_MS));
    const told = await this.digests.flush(new Date(now - TOLD_KEPT_DAYS * DAY_MS));
    return `deleted ${mails} mails and ${told} marks`;
  }
}
