import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { uuidFrom } from '../kernel/ids.js';
import type { Job } from '../platform/jobs/job.js';
import { ClaimsDigestStore, type DigestReader } from './claims-digest.store.js';
import { MailConfig } from './mail.config.js';
import { MailQueue } from './mail-queue.store.js';

/** Tells merchants of claims that were rejected or need somebody, all of a while in one mail. */
@Injectable()
export class ClaimsDigestJob implements Job {
  readonly name = 'claims-digest';
  readonly summary = 'Queues a mail to each merchant whose claims were rejected or need somebody.';
  readonly everyMs: number;

  constructor(
    private readonly digests: ClaimsDigestStore,
    private readonly queue: MailQueue,
    private readonly clock: Clock,
    { digestMinutes }: MailConfig,
  ) {
    this.everyMs = digestMinutes * 60_000;
  }

  async run(signal: AbortSignal): Promise<string> {
    let told = 0;
    for (const reader of await this.digests.readers()) {
      if (signal.aborted) break;
      if (await this.tell(reader)) told += 1;
    }
    return `told ${told} merchants`;
  }

  private tell({ merchantId, name, email, position: after }: DigestReader): Promise<boolean> {
    return this.digests.inTransaction(async (tx) => {
      const upTo = await this.digests.head(tx);
      // Whoever begins to listen is told of what comes, not of everything that ever was.
      if (after === null || upTo <= after) {
        if (after === null) await this.digests.mark(tx, merchantId, upTo);
        return false;
      }
      const now = this.clock.now();
      const news = await this.digests.takeNews(tx, { merchantId, after, upTo }, now);
      await this.digests.mark(tx, merchantId, upTo);
      if (news.review + news.rejected === 0) return false;
      const mailId = uuidFrom('claims digest', merchantId, String(upTo));
      const facts = { merchant: name, ...news };
      await this.queue.add(tx, { mailId, kind: 'claims_digest', recipient: email, facts }, now);
      return true;
    });
  }
}
