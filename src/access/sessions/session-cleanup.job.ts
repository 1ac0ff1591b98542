import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Job } from '../../platform/jobs/job.js';
import { SignInFailureStore } from '../auth/sign-in-failures.store.js';
import { SessionStore } from './session.store.js';

const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;
// Long enough to answer who was signed in when something happened; the audit keeps the rest.
const KEPT_AFTER_END_DAYS = 30;
const NETWORK_KNOWN_DAYS = 90;

/** Deletes sessions that ended long ago, their refresh tokens with them, and failures to sign in that no longer count. */
@Injectable()
export class SessionCleanupJob implements Job {
  readonly name = 'session-cleanup';
  readonly summary = 'Deletes sessions that ended 30 days ago, with their refresh tokens.';
  readonly everyMs = HOUR_MS;

  constructor(
    private readonly sessions: SessionStore,
    private readonly failures: SignInFailureStore,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<string> {
    return `deleted ${await this.flush(KEPT_AFTER_END_DAYS)} rows`;
  }

  /** Deletes sessions that ended so many days ago, and failures that no longer count. Tells how many rows. */
  async flush(days: number): Promise<number> {
    const now = this.clock.now().getTime();
    const sessions = await this.sessions.flush(new Date(now - days * DAY_MS));
    const networks = new Date(now - NETWORK_KNOWN_DAYS * DAY_MS);
    return sessions + (await this.failures.flush(new Date(now - DAY_MS), networks));
  }
}
