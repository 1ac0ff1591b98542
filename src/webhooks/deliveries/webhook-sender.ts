import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { VERSION } from '../../platform/build.js';
import {
  AddressForbidden,
  guardedLookup,
  mayReachStranger,
} from '../../platform/network/guarded-lookup.js';
import { retryAfterMs } from '../../platform/network/retry-after.js';
import { WebhooksConfig } from '../webhooks.config.js';
import { signatureHeader, type SigningSecret } from '../webhook-signature.js';
import { outcomeOf, type Attempted } from './webhook-schedule.js';

/** A message, where it goes, and what signs it. */
export interface Letter {
  readonly url: string;
  readonly messageId: string;
  readonly body: string;
  readonly secrets: readonly SigningSecret[];
}

/** What one try came to. */
export interface Sent extends Attempted {
  readonly beganAt: Date;
  readonly durationMs: number;
  readonly status: number | null;
  /** In our own words: a code of the system, never what the receiver wrote. */
  readonly error: string | null;
}

type Answer = Omit<Sent, 'beganAt' | 'durationMs'>;

// What a receiver says is not read: so much lets it end politely, and no more is taken.
const MOST_ANSWER_BYTES = 65_536;
const CODE = /^[A-Z][A-Z0-9_]{2,39}$/;

/** Sends one message once. Follows no redirect, and reaches no address of our own network. */
@Injectable()
export class WebhookSender {
  constructor(
    private readonly config: WebhooksConfig,
    private readonly clock: Clock,
  ) {}

  /** Whatever goes wrong is an outcome. @throws the signal's reason when it is aborted before there is one */
  async send(letter: Letter, signal: AbortSignal): Promise<Sent> {
    const beganAt = this.clock.now();
    const beganMs = this.clock.monotonicMs();
    const late = this.clock.timeout(this.config.timeoutMs);
    const answer = await this.call(letter, beganAt, AbortSignal.any([signal, late])).catch(
      (error: unknown): Answer => {
        signal.throwIfAborted();
        return failureOf(error, late.aborted);
      },
    );
    const durationMs = Math.round(this.clock.monotonicMs() - beganMs);
    return { ...answer, beganAt, durationMs };
  }

  private call(
    { url, messageId, body, secrets }: Letter,
    now: Date,
    signal: AbortSignal,
  ): Promise<Answer> {
    const timestamp = Math.floor(now.getTime() / 1_000);
    const content = Buffer.from(body, 'utf8');
    return new Promise((resolve, fail) => {
      const address = new URL(url);
      this.mustBeAllowed(address.hostname);
      const { request } = address.protocol === 'https:' ? https : http;
      const call = request(address, {
        method: 'POST',
        // A connection each: one that was kept may be closed at the other end just as it is used.
        agent: false,
        lookup: guardedLookup((_, found) => mayReachStranger(found, this.config.privateNetwork)),
        signal,
        headers: {
          'content-type': 'application/json',
          'content-length': content.length,
          'user-agent': `Constancia/${VERSION}`,
          'webhook-id': messageId,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': signatureHeader({ id: messageId, timestamp, body }, secrets),
        },
      });
      call.on('error', fail);
      call.once('response', (response) => {
        resolve(answerOf(response, now, this.config.longestHoldSeconds * 1_000));
        takeBounded(response);
      });
      call.end(content);
    });
  }

  /** An address is connected to without a look-up, so it is judged here. */
  private mustBeAllowed(hostname: string): void {
    const host = hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !mayReachStranger(host, this.config.privateNetwork)) {
      throw new AddressForbidden(host);
    }
  }
}

function answerOf(
  { statusCode = 0, headers }: http.IncomingMessage,
  now: Date,
  capMs: number,
): Answer {
  const wish = { retryAfter: headers['retry-after'] ?? null, date: headers.date ?? null };
  return {
    outcome: outcomeOf(statusCode),
    status: statusCode,
    error: null,
    retryAfterMs: retryAfterMs(wish, now, capMs),
  };
}

/** Reads on for as long as the answer is small, so that the receiver's own side ends well; what it says is dropped. */
function takeBounded(response: http.IncomingMessage): void {
  let taken = 0;
  // The answer has been judged by its status; how the rest of it ends changes nothing.
  response.on('error', () => undefined);
  response.on('data', (part: Buffer) => {
    taken += part.length;
    if (taken > MOST_ANSWER_BYTES) response.destroy();
  });
}

function failureOf(error: unknown, isLate: boolean): Answer {
  const nothing = { status: null, retryAfterMs: null };
  if (isLate) return { ...nothing, outcome: 'timeout', error: 'TIMEOUT' };
  const code = codeOf(error);
  const outcome = code === 'EADDRFORBIDDEN' ? 'forbidden_address' : 'unreachable';
  return { ...nothing, outcome, error: code };
}

const codeOf = (error: unknown): string => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' && CODE.test(code) ? code : 'CONNECTION_FAILED';
};
