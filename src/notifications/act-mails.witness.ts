import { Injectable } from '@nestjs/common';
import { ActWitness, type WitnessedAct } from '../access/acts/act-witnesses.port.js';
import { Clock } from '../kernel/clock.js';
import type { DatabaseTransaction } from '../platform/database/database.js';
import { mailOf } from './domain/act-mails.js';
import { MailQueue } from './mail-queue.store.js';

/** Queues a mail beside each act that somebody wants to hear of. */
@Injectable()
export class ActMails extends ActWitness {
  constructor(
    private readonly queue: MailQueue,
    private readonly clock: Clock,
  ) {
    super();
  }

  async saw(act: WitnessedAct, tx: DatabaseTransaction): Promise<void> {
    const cause = mailOf(act);
    if (cause === null) return;
    const recipient = await this.queue.addressOf(tx, cause.to);
    if (recipient === null) return;
    const { kind, facts } = cause;
    await this.queue.add(tx, { mailId: act.eventId, kind, recipient, facts }, this.clock.now());
  }
}
