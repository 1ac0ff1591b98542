import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { MAIL_KINDS } from './domain/mail.js';
import { isOfTheMail, nextAttempt, nextOfKept } from './domain/mail-attempts.js';
import { writeMail } from './domain/mail-texts.js';
import { MailConfig } from './mail.config.js';
import { MailQueue } from './mail-queue.store.js';
import type { MailRow } from './mail-queue.table.js';
import { Mailer, type MailOutcome } from './mailer.port.js';

/** What is looked at while mails are sent. */
@Injectable()
export class MailWatch {
  constructor(
    readonly clock: Clock,
    readonly metrics: Metrics,
  ) {
    // Prometheus sees a growth only from a figure it has seen before: the first failure would go unnoticed.
    for (const kind of MAIL_KINDS) {
      metrics.mails.inc({ kind, outcome: 'kept' }, 0);
      metrics.mails.inc({ kind, outcome: 'failed' }, 0);
    }
  }
}

/** Brings one mail after the other to the mail server. */
@Injectable()
export class MailDelivery {
  private readonly logger = new Logger(MailDelivery.name);

  constructor(
    private readonly queue: MailQueue,
    private readonly mailer: Mailer,
    private readonly config: MailConfig,
    private readonly watch: MailWatch,
  ) {}

  /** Sends the mail that is due longest; false: none is due. */
  async sendNext(signal: AbortSignal): Promise<boolean> {
    const { clock, metrics } = this.watch;
    const due = await this.queue.nextDue(clock.now());
    metrics.mailsWaiting.set(await this.queue.countWaiting());
    if (due === null) return false;
    const attempts = due.attempts + 1;
    // Begun as often as it may be and never ended: its sender died each time.
    if (due.state === 'waiting' && attempts > this.config.retries + 1) {
      await this.keep(due, 'refused', 'unsettled');
      return true;
    }
    const outcome = await this.attempt(due, attempts, signal);
    // Stopped by us: whether it was taken is not known, so the attempt is repeated when it is due.
    if (outcome.outcome !== 'sent' && signal.aborted) return false;
    await this.settle(due, attempts, outcome);
    return true;
  }

  private async attempt(due: MailRow, attempts: number, signal: AbortSignal): Promise<MailOutcome> {
    const { mail_id: mailId, kind, facts, recipient, queued_at: at } = due;
    if (recipient === null) return { outcome: 'refused', reason: 'no_recipient' };
    const limitMs = this.config.timeLimitSeconds * 1000;
    const now = this.watch.clock.now();
    const again =
      due.state === 'kept'
        ? nextOfKept(attempts, this.config, now)
        : (nextAttempt(attempts, this.config, now) ?? now);
    // Not before this attempt is certainly over.
    await this.queue.begin(mailId, attempts, new Date(again.getTime() + limitMs));
    const written = writeMail(kind, facts, this.config.language);
    const ends = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
    return this.mailer.send({ ...written, mailId, recipient, at }, ends);
  }

  private async settle(due: MailRow, attempts: number, outcome: MailOutcome): Promise<void> {
    const now = this.watch.clock.now();
    if (outcome.outcome === 'sent') {
      await this.queue.sent(due.mail_id, now);
      await this.queue.resumeKept(now);
      return this.tell(due, 'sent', null);
    }
    const { reason } = outcome;
    if (outcome.outcome === 'refused') return this.keep(due, 'refused', reason);
    const again = due.state === 'waiting' ? nextAttempt(attempts, this.config, now) : null;
    if (again === null)
      return this.keep(due, 'kept', reason, nextOfKept(attempts, this.config, now));
    await this.queue.failedOnce(due.mail_id, reason, again);
    this.tell(due, 'retried', reason);
  }

  /** It is told once that a mail is kept; that it still is, is no news. */
  private async keep(
    due: MailRow,
    state: 'kept' | 'refused',
    reason: string,
    dueAt: Date = this.watch.clock.now(),
  ): Promise<void> {
    await this.queue.keep(due.mail_id, state, { reason, dueAt });
    if (state === 'kept' && !isOfTheMail(reason)) await this.queue.holdKept(dueAt);
    this.tell(due, due.state === state ? 'retried' : 'kept', reason);
  }

  private tell(
    { mail_id: mailId, kind }: MailRow,
    outcome: 'sent' | 'retried' | 'kept',
    reason: string | null,
  ): void {
    this.watch.metrics.mails.inc({ kind, outcome });
    if (outcome !== 'sent') this.logger.warn({ mailId, kind, outcome, reason }, 'mail not sent');
  }
}
