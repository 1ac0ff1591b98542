import type { Clock } from '../kernel/clock.js';
import type { AskResult } from '../matching/bank-answer.js';
import type { Movement } from '../matching/movement.js';
import type { BankQuestion } from './bank-adapter.js';
import type { BankCredential, Readiness } from './bank-gateway.port.js';
import { Consequences, type PauseSettings } from './consequences.js';
import { CredentialDoor } from './credential-door.js';
import { exchange, type ExchangePermits, type Heard, meaningOfTokenReply } from './exchange.js';
import type { BankHttpClient } from './http/bank-http-client.js';
import type { BankMeter } from './http/bank-meter.js';
import type { BankReply } from './http/bank-reply.js';
import type { CallAuthorization } from './http/call-authorization.js';
import { type MaintenanceHours, maintenanceLeftMs } from './maintenance-hours.js';
import { AskPermits } from './permits/ask-permits.js';
import type { GatewayClosures } from './permits/gateway-closures.port.js';
import type { Permit, PermitLog, PermitRequest } from './permits/permit-log.port.js';
import { KeptReplies } from './raw-answers/kept-replies.js';
import type { RawAnswers } from './raw-answers/raw-answers.port.js';

export interface BankLineSettings {
  /** What one attempt may last; its permit counts that long when no answer comes. */
  readonly wholeMs: number;
  /** How long an attempt may wait for a permit of its own. */
  readonly permitWaitMs: number;
  /** How long to leave the token endpoint alone after it gave none. */
  readonly tokenPauseMs: number;
  /** When the bank is not asked at all; null for never. */
  readonly maintenanceHours: MaintenanceHours | null;
  readonly pauses: PauseSettings;
}

export interface BankLineParts {
  readonly credential: BankCredential;
  readonly client: Pick<BankHttpClient, 'send' | 'waitMs'>;
  readonly authorization: CallAuthorization;
  readonly permits: PermitLog;
  readonly closures: GatewayClosures;
  readonly clock: Clock;
  readonly meter: BankMeter;
  readonly rawAnswers: RawAnswers;
}

/** Whom a call is for, and the permit that was taken for it already. */
export interface Opening {
  readonly askId: string;
  readonly operation: 'look_up' | 'sweep';
  readonly transactionId: string | null;
  readonly permit: Permit;
}

// A month of a busy account, with room; more is a bank that never says that a page was the last.
const MOST_PAGES = 50;
// Prometheus looks every few seconds.
const MEASURE_EVERY_MS = 1000;

/** The line to one bank under one credential: proves who calls, spends permits and bears what answers entail. */
export class BankLine {
  private readonly door: CredentialDoor;
  private readonly consequences: Consequences;
  private measuredMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly settings: BankLineSettings,
    private readonly parts: BankLineParts,
  ) {
    const { credential, closures, meter, permits } = parts;
    const { credentialId } = credential;
    this.door = new CredentialDoor(credentialId, closures, meter);
    const bearers = { credentialId, permits, meter, door: this.door };
    this.consequences = new Consequences(settings.pauses, bearers);
  }

  /** Whether a call could be sent now, with a token at hand. */
  async prepare(signal: AbortSignal): Promise<Readiness> {
    const { client, authorization } = this.parts;
    const door = await this.door.state();
    await this.measureQuotaNowAndThen();
    if (door === 'closed') return { state: 'closed' };
    if (door === 'unknown') return this.wait(this.settings.tokenPauseMs, 'database_unavailable');
    const maintenanceMs = maintenanceLeftMs(this.settings.maintenanceHours, this.parts.clock.now());
    if (maintenanceMs > 0) return this.wait(maintenanceMs, 'maintenance_hours');
    if (client.waitMs > 0) return this.wait(client.waitMs, 'circuit_open');
    const permission = await authorization.prepare(this.permitsFor('token', null, 0), signal);
    if (permission.outcome === 'granted') return { state: 'ready' };
    if (permission.outcome === 'failed') return this.withoutToken(permission.reply);
    if (permission.outcome === 'wait') {
      return this.wait(permission.waitMs ?? this.settings.tokenPauseMs, 'no_permit_for_token');
    }
    await this.door.close(permission.why);
    return { state: 'closed' };
  }

  async ask(question: BankQuestion, opening: Opening, signal: AbortSignal): Promise<AskResult> {
    const { clock } = this.parts;
    const { permitWaitMs } = this.settings;
    const { askId, operation, permit, transactionId } = opening;
    const kept = new KeptReplies(askId, this.parts);
    const startedMs = clock.monotonicMs();
    const permits: ExchangePermits = {
      calls: this.permitsFor(operation, permit, permitWaitMs, transactionId),
      tokens: this.permitsFor('token', null, permitWaitMs),
    };
    const door = await this.door.state();
    const heard =
      door === 'open' ? await this.converse(question, permits, kept, signal) : nothingAsked(door);
    await permits.calls.giveBackUnused();
    const { answer, bankCode, reply, why } = heard;
    const isNews = door !== 'closed';
    const wishMs = reply?.retryAfterMs ?? null;
    const borne = isNews ? await this.consequences.bear(answer, wishMs, why) : answer;
    await this.measureQuota();
    return {
      answer: borne,
      evidence: {
        bankCode,
        httpStatus: reply?.httpStatus ?? null,
        durationMs: Math.round(clock.monotonicMs() - startedMs),
        answerHash: kept.hash,
        permitIds: [...permits.calls.usedIds, ...permits.tokens.usedIds],
      },
    };
  }

  /** For what the bank could only refuse: no call is spent on it. */
  async declined(permit: Permit): Promise<AskResult> {
    await this.permitsFor('look_up', permit, 0).giveBackUnused();
    return {
      answer: { outcome: 'invalid_query' },
      evidence: {
        bankCode: null,
        httpStatus: null,
        durationMs: 0,
        answerHash: null,
        permitIds: [],
      },
    };
  }

  /** Page after page, until the bank has said all, or something else than rows. */
  private async converse(
    question: BankQuestion,
    permits: ExchangePermits,
    kept: KeptReplies,
    signal: AbortSignal,
  ): Promise<Heard> {
    const movements: Movement[] = [];
    let page = await exchange(question, this.parts, permits, signal);
    await kept.add(page.reply);
    for (let pages = 1; pages < MOST_PAGES; pages += 1) {
      if (page.answer.outcome === 'found') movements.push(...page.answer.movements);
      // Nothing more on a later page is the end of the list; anything else there leaves the list unknown.
      else if (movements.length === 0 || page.answer.outcome !== 'not_visible_yet') return page;
      if (page.next === null)
        return { ...page, answer: { ...page.answer, outcome: 'found', movements } };
      page = await exchange(page.next, this.parts, permits, signal);
      await kept.add(page.reply);
    }
    return { ...page, answer: { outcome: 'range_too_large' } };
  }

  private permitsFor(
    operation: PermitRequest['operation'],
    handed: Permit | null,
    waitMs: number,
    transactionId: string | null = null,
  ): AskPermits {
    return new AskPermits({
      log: this.parts.permits,
      clock: this.parts.clock,
      request: {
        credentialId: this.parts.credential.credentialId,
        operation,
        transactionId,
        callDeadlineMs: this.settings.wholeMs,
      },
      handed,
      waitMs,
    });
  }

  private async withoutToken(reply: BankReply): Promise<Readiness> {
    const { answer, reply: answered } = meaningOfTokenReply(reply);
    const borne = await this.consequences.bear(answer, answered?.retryAfterMs ?? null);
    const pauseMs =
      'retryAfterMs' in borne && borne.retryAfterMs !== null
        ? borne.retryAfterMs
        : Math.max(this.settings.tokenPauseMs, this.parts.client.waitMs);
    return this.wait(pauseMs, 'token_unavailable');
  }

  /** Without asks the figures would stand still while permits become free. */
  private async measureQuotaNowAndThen(): Promise<void> {
    if (this.parts.clock.monotonicMs() - this.measuredMs >= MEASURE_EVERY_MS) {
      await this.measureQuota();
    }
  }

  private async measureQuota(): Promise<void> {
    const { permits, meter, credential, clock } = this.parts;
    this.measuredMs = clock.monotonicMs();
    try {
      const { used, free } = await permits.usage(credential.credentialId);
      meter.permits(used, free);
    } catch {
      // A figure is missing on the dashboard; the quota itself is kept where permits are taken.
      meter.error('quota_unreadable');
    }
  }

  private wait(waitMs: number, why: string): Readiness {
    return { state: 'wait', waitMs, why };
  }
}

const nothingAsked = (door: 'closed' | 'unknown'): Heard => ({
  answer: { outcome: door === 'closed' ? 'credentials_refused' : 'unavailable' },
  bankCode: null,
  reply: null,
  next: null,
  why: '',
});
