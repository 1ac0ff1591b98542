import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DatabaseConfig } from '../platform/config/config.schema.js';
import { LeaderElection, type Leadership } from '../platform/projections/leader-election.js';
import type { Worker } from '../platform/workers/worker.js';
import { MailDelivery } from './mail-delivery.js';

/** Sends mails in the one process that leads; another takes over when it ends. */
@Injectable()
export class MailWorker implements Worker, OnApplicationShutdown {
  readonly name = 'mail';
  readonly role = 'notifier';
  readonly everyMs = 2_000;
  private readonly election: LeaderElection;
  private leadership: Leadership | null = null;

  constructor(
    private readonly delivery: MailDelivery,
    { url }: DatabaseConfig,
  ) {
    this.election = new LeaderElection(url.reveal());
  }

  async run(signal: AbortSignal): Promise<'idle' | 'busy'> {
    if (this.leadership?.signal.aborted !== false) {
      this.leadership = await this.election.tryLead('mail');
    }
    if (this.leadership === null) return 'idle';
    const ends = AbortSignal.any([signal, this.leadership.signal]);
    return (await this.delivery.sendNext(ends)) ? 'busy' : 'idle';
  }

  async onApplicationShutdown(): Promise<void> {
    await this.election.close();
  }
}
