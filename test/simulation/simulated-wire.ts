import type {
  AnsweredReply,
  BankReply,
  BankRequest,
} from '../../src/bank-gateway/http/bank-reply.js';
import { retryAfterMs } from '../../src/platform/network/retry-after.js';
import { AskPermits, NoPermit } from '../../src/bank-gateway/permits/ask-permits.js';
import type { Answer } from '../../src/stand-ins/sandbox-bank/answer.js';
import type { Desk } from '../../src/stand-ins/sandbox-bank/desk.js';
import type { Dice } from './dice.js';
import type { VirtualTime } from './virtual-time.js';

/** How badly the way to the bank behaves; shares of calls. */
export interface WireFaults {
  /** No connection comes about. */
  readonly notSent: number;
  /** The request leaves and never arrives. */
  readonly lostOnTheWay: number;
  /** It arrives, perhaps late, and its answer never comes back. */
  readonly answerLost: number;
  readonly meanLatencyMs: number;
}

export interface WireSettings {
  /** What one attempt may last. */
  readonly wholeMs: number;
  readonly connectRepeats: number;
  readonly maxAnswerBytes: number;
  readonly retryAfterCapMs: number;
}

/** What the bank is seen to do; the arrival of every call is what its limit counts. */
export interface SimulatedBankSide {
  readonly desk: Desk;
  /** Every call as it arrived: whether it broke the limit. */
  readonly onArrival: (breach: boolean, endpoint: string) => void;
}

const CONNECT_MS = 50;

/**
 * The way between one process and the bank, under virtual time. A call that was sent arrives whatever becomes of the
 * process that sent it.
 */
export class SimulatedWire {
  readonly waitMs = 0;

  constructor(
    private readonly time: VirtualTime,
    private readonly dice: Dice,
    private readonly bank: SimulatedBankSide,
    private readonly options: { readonly settings: WireSettings; readonly faults: WireFaults },
  ) {}

  /** As the real client: one permit for each attempt, repeats only for what was not sent. */
  async send(request: BankRequest, permits: AskPermits, signal: AbortSignal): Promise<BankReply> {
    const { connectRepeats } = this.options.settings;
    let reply: BankReply = { kind: 'not_sent', reason: 'no_permit' };
    for (let attempt = 0; attempt <= connectRepeats && reply.kind === 'not_sent'; attempt += 1) {
      try {
        const permit = await permits.next(signal);
        reply = await this.attempt(request);
        if (reply.kind !== 'lost') await permits.settle(permit);
      } catch (error) {
        if (!(error instanceof NoPermit)) throw error;
        break;
      }
    }
    return reply;
  }

  private attempt(request: BankRequest): Promise<BankReply> {
    const { faults, settings } = this.options;
    const { dice, time } = this;
    const fate = dice.share();
    const latencyMs = dice.delay(faults.meanLatencyMs);
    const given = (reply: BankReply, afterMs: number): Promise<BankReply> =>
      new Promise((resolve) => void time.after(afterMs, () => resolve(reply)));
    if (fate < faults.notSent) {
      return given({ kind: 'not_sent', reason: 'connect_refused' }, CONNECT_MS);
    }
    const lostAfterMs = dice.between(CONNECT_MS, settings.wholeMs);
    if (fate < faults.notSent + faults.lostOnTheWay) {
      return given({ kind: 'lost', reason: 'headers_timeout' }, lostAfterMs);
    }
    if (fate < faults.notSent + faults.lostOnTheWay + faults.answerLost) {
      // The caller may have given up long before it arrives.
      time.after(dice.between(0, settings.wholeMs), () => this.arrive(request));
      return given({ kind: 'lost', reason: 'connection_lost' }, lostAfterMs);
    }
    return this.roundTrip(request, latencyMs);
  }

  private roundTrip(request: BankRequest, latencyMs: number): Promise<BankReply> {
    const { wholeMs } = this.options.settings;
    return new Promise((resolve) => {
      this.time.after(Math.min(latencyMs, wholeMs - 1) / 2, () => {
        const answer = this.arrive(request);
        const backMs = latencyMs / 2 + (answer.delayMs ?? 0);
        const isWhole = answer.delivery === undefined || answer.delivery === 'whole';
        const isLate = backMs + latencyMs / 2 >= wholeMs;
        const isBounded = answer.body.length <= this.options.settings.maxAnswerBytes;
        const reply: BankReply =
          isWhole && isBounded && !isLate
            ? this.replyOf(answer)
            : { kind: 'lost', reason: isLate ? 'whole_timeout' : 'connection_lost' };
        this.time.after(Math.min(backMs, wholeMs - latencyMs / 2), () => resolve(reply));
      });
    });
  }

  private arrive({ url, method, headers, body, endpoint }: BankRequest): Answer {
    const path = new URL(url).pathname;
    const arrival = this.bank.desk.arrive(path);
    this.bank.onArrival(arrival.breach, endpoint);
    const { authorization, 'content-type': contentType = '' } = headers;
    return this.bank.desk.answer({ method, path, authorization, contentType, body }, arrival);
  }

  private replyOf({ status, headers, body }: Answer): AnsweredReply {
    const wish = { retryAfter: headers['retry-after'] ?? null, date: null };
    return {
      kind: 'answered',
      httpStatus: status,
      body: Buffer.from(body, 'utf8'),
      contentType: headers['content-type'] ?? null,
      retryAfterMs: retryAfterMs(wish, this.time.now(), this.options.settings.retryAfterCapMs),
    };
  }
}
