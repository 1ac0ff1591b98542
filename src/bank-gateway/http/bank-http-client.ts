import { Logger } from '@nestjs/common';
import { type AxiosInstance, type AxiosResponse, create, isAxiosError } from 'axios';
import type { Clock } from '../../kernel/clock.js';
import type { RandomSource } from '../../kernel/ids.js';
import type { AskPermits } from '../permits/ask-permits.js';
import type { BankMeter } from './bank-meter.js';
import type { AnsweredReply, BankReply, BankRequest, FailedReply } from './bank-reply.js';
import { BankTransport, type TransportSettings } from './bank-transport.js';
import { CallInProgress } from './call-in-progress.js';
import { CircuitBreaker, type CircuitSettings } from './circuit-breaker.js';
import { callOf, takePermitPerAttempt } from './permit-interceptor.js';
import { type RateLimiter, QueueFull } from './rate-limiter.js';
import { retryAfterMs } from '../../platform/network/retry-after.js';
import { repeatWhatWasNotSent, type RetrySettings } from './retry-policy.js';

export interface BankHttpSettings {
  readonly credentialId: string;
  readonly transport: TransportSettings;
  readonly retry: RetrySettings;
  readonly circuit: CircuitSettings;
  /** One attempt as a whole; also what its permit counts with when no answer comes. */
  readonly wholeMs: number;
  readonly maxAnswerBytes: number;
  readonly retryAfterCapMs: number;
}

export interface BankHttpParts {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly meter: BankMeter;
  readonly limiter: RateLimiter;
}

/** Speaks HTTP to one bank under one credential. One attempt is one permit, one metric and one log line. */
export class BankHttpClient {
  private readonly logger = new Logger('BankHttpClient');
  private readonly transport: BankTransport;
  private readonly axios: AxiosInstance;
  /** One per endpoint: tokens may be had while the calls fail, and the other way round. */
  private readonly circuits = new Map<string, CircuitBreaker>();

  constructor(
    private readonly settings: BankHttpSettings,
    private readonly parts: BankHttpParts,
  ) {
    this.transport = new BankTransport(settings.transport);
    this.axios = create({
      // The body is read before the status, and only the adapter knows what either means.
      validateStatus: () => true,
      responseType: 'arraybuffer',
      maxContentLength: settings.maxAnswerBytes,
      maxBodyLength: settings.maxAnswerBytes,
      maxRedirects: 0,
      proxy: false,
      transformRequest: [(body: string) => body],
      transformResponse: [(body: Buffer) => body],
    });
    takePermitPerAttempt(this.axios, this.transport, parts.clock, settings.wholeMs);
    // Before axios-retry, so that each attempt is recorded and not only the last.
    this.axios.interceptors.response.use(
      (response) => this.answered(response),
      (error: unknown) => this.failed(error),
    );
    repeatWhatWasNotSent(this.axios, settings.retry, parts.random);
  }

  /** Sends and, where nothing had left yet, repeats. Never throws for what the network or the bank does. */
  async send(request: BankRequest, permits: AskPermits, signal: AbortSignal): Promise<BankReply> {
    const call = new CallInProgress(request, permits, signal);
    const circuit = this.circuitOf(request.endpoint);
    try {
      return await this.parts.limiter.run(() => circuit.run(() => this.attempts(call)));
    } catch (error) {
      // The one other thing thrown here is the limiter's own expiration of a call that hangs.
      return error instanceof QueueFull
        ? { kind: 'not_sent', reason: 'queue_full' }
        : call.endedBy(error);
    }
  }

  /** How long no call would be sent because the bank cannot be reached; 0 when one would be. */
  get waitMs(): number {
    return Math.max(0, ...[...this.circuits.values()].map((circuit) => circuit.waitMs));
  }

  close(): void {
    this.transport.close();
  }

  private async attempts(call: CallInProgress): Promise<BankReply> {
    const { url, method, headers, body } = call.request;
    const data = method === 'POST' ? body : undefined;
    try {
      return this.replyOf(
        await this.axios.request<Buffer>({ url, method, headers, data, bankCall: call }),
      );
    } catch (error) {
      return call.endedBy(error);
    }
  }

  private circuitOf(endpoint: string): CircuitBreaker {
    const known = this.circuits.get(endpoint);
    if (known !== undefined) return known;
    const { credentialId, circuit } = this.settings;
    const made = new CircuitBreaker(circuit, this.parts.clock, (state) => {
      this.parts.meter.circuitOpen(this.waitMs > 0);
      this.logger.warn({ msg: 'circuit', credentialId, endpoint, state });
    });
    this.circuits.set(endpoint, made);
    return made;
  }

  private async answered(response: AxiosResponse<Buffer>): Promise<AxiosResponse<Buffer>> {
    await this.record(callOf(response.config), String(response.status), null);
    return response;
  }

  private async failed(error: unknown): Promise<never> {
    const config = isAxiosError(error) ? error.config : undefined;
    // Without a configuration the attempt never began: there was no permit.
    if (config?.bankCall !== undefined) {
      const reply = config.bankCall.failed(error);
      await this.record(config.bankCall, reply.kind, reply);
    }
    throw error;
  }

  private async record(call: CallInProgress, status: string, failure: FailedReply | null) {
    const { clock, meter } = this.parts;
    const durationMs = Math.round(clock.monotonicMs() - call.startedMs);
    meter.attempt(call.request.endpoint, status, durationMs / 1000);
    if (failure !== null) meter.error(failure.reason);
    this.logger.log({
      msg: 'bank attempt',
      credentialId: this.settings.credentialId,
      endpoint: call.request.endpoint,
      attempt: call.attempts,
      permitId: call.permit?.permitId,
      status,
      reason: failure?.reason,
      durationMs,
    });
    // A lost call may still be under way to the bank: its permit counts until its deadline.
    if (failure?.kind !== 'lost' && call.permit !== null) await call.permits.settle(call.permit);
  }

  private replyOf(response: AxiosResponse<Buffer>): AnsweredReply {
    const header = (name: string): string | null => {
      const value: unknown = response.headers[name];
      return typeof value === 'string' ? value : null;
    };
    const wish = { retryAfter: header('retry-after'), date: header('date') };
    return {
      kind: 'answered',
      httpStatus: response.status,
      body: Buffer.from(response.data),
      contentType: header('content-type'),
      retryAfterMs: retryAfterMs(wish, this.parts.clock.now(), this.settings.retryAfterCapMs),
    };
  }
}
