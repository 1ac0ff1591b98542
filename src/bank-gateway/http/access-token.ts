import type { Clock } from '../../kernel/clock.js';
import type { RandomSource } from '../../kernel/ids.js';
import { Secret } from '../../platform/config/secret.js';
import type { AskPermits } from '../permits/ask-permits.js';
import { type Authorization, CallAuthorization, type Proof } from './call-authorization.js';
import type { IssuedToken, TokenCall } from './token-call.js';

// What a server means that names no lifetime; Banesco's tokens live 300 s.
const UNNAMED_LIFE_SECONDS = 60;
const LONGEST_LIFE_SECONDS = 86_400;
// Refreshed at 80 % of life or 60 s before its end, whichever is later: each token call may cost a permit.
const FRESH_SHARE = 0.8;
const REFRESH_AHEAD_MS = 60_000;
// Not used in its last moments: it must still be valid when the bank reads it.
const MARGIN_MS = 5000;
const MARGIN_SHARE = 0.1;
// Instances that started together drift apart.
const JITTER_SHARE = 0.05;
// The one before a renewal, and its renewal: the credential itself is refused then.
const REFUSALS_THAT_CLOSE = 2;

interface HeldToken {
  readonly proof: Proof;
  readonly refreshAtMs: number;
  readonly unusableAtMs: number;
}

type TokenSource = Pick<TokenCall, 'request'>;

/** Bearer tokens of one credential: one held, one call for the next at a time, all times monotonic. */
export class AccessTokens extends CallAuthorization {
  private held: HeldToken | null = null;
  private flight: Promise<Authorization> | null = null;
  private refusedInARow = 0;
  /** What the bank refused for good, so that of many calls only the first finds out. */
  private readonly refusedForGood = new WeakSet<Proof>();

  constructor(
    private readonly source: TokenSource,
    private readonly clock: Clock,
    private readonly random: RandomSource,
    /** Ends calls under way when the service stops; no single asker may end the others' call. */
    private readonly stopping: AbortSignal,
  ) {
    super();
  }

  async prepare(permits: AskPermits, signal: AbortSignal): Promise<Authorization> {
    const held = this.usable();
    if (held !== null && this.clock.monotonicMs() < held.refreshAtMs) return granted(held);
    const renewed = await this.fetch(permits, signal);
    const still = this.usable();
    // An early refresh that failed costs nothing yet: the old token still holds.
    return renewed.outcome !== 'granted' && renewed.outcome !== 'refused' && still !== null
      ? granted(still)
      : renewed;
  }

  authorize(permits: AskPermits, signal: AbortSignal): Promise<Authorization> {
    const held = this.usable();
    return held === null ? this.fetch(permits, signal) : Promise.resolve(granted(held));
  }

  renew(refused: Proof, permits: AskPermits, signal: AbortSignal): Promise<Authorization> {
    // Of many calls refused with one token only the first counts; the others take what it brings.
    if (this.held?.proof === refused) {
      this.held = null;
      this.refusedInARow += 1;
      if (this.refusedInARow >= REFUSALS_THAT_CLOSE) {
        // A person who reopens the way starts from the beginning.
        this.refusedInARow = 0;
        this.refusedForGood.add(refused);
      }
    }
    return this.refusedForGood.has(refused)
      ? Promise.resolve({ outcome: 'refused', why: 'renewed_token_refused' })
      : this.authorize(permits, signal);
  }

  accepted(proof: Proof): void {
    if (this.held?.proof === proof) this.refusedInARow = 0;
  }

  private usable(): HeldToken | null {
    const { held } = this;
    return held !== null && this.clock.monotonicMs() < held.unusableAtMs ? held : null;
  }

  private fetch(permits: AskPermits, signal: AbortSignal): Promise<Authorization> {
    this.flight ??= this.fly(permits).finally(() => (this.flight = null));
    return abandonable(this.flight, signal);
  }

  private async fly(permits: AskPermits): Promise<Authorization> {
    // Life is counted from before the request: the token is never older than we think.
    const startedMs = this.clock.monotonicMs();
    const answer = await this.source.request(permits, this.stopping);
    if (answer.outcome !== 'issued') return answer;
    this.held = this.holding(answer, startedMs);
    return granted(this.held);
  }

  private holding(token: IssuedToken, startedMs: number): HeldToken {
    const seconds = token.expiresInSeconds ?? UNNAMED_LIFE_SECONDS;
    const lifeMs = Math.min(Math.max(seconds, 1), LONGEST_LIFE_SECONDS) * 1000;
    const freshMs = Math.max(lifeMs * FRESH_SHARE, lifeMs - REFRESH_AHEAD_MS);
    const jitterMs = (this.random.bytes(1).readUInt8() / 255) * lifeMs * JITTER_SHARE;
    return {
      proof: { headers: new Secret({ authorization: `Bearer ${token.value.reveal()}` }) },
      refreshAtMs: startedMs + freshMs - jitterMs,
      unusableAtMs: startedMs + lifeMs - Math.min(MARGIN_MS, lifeMs * MARGIN_SHARE),
    };
  }
}

const granted = (held: HeldToken): Authorization => ({ outcome: 'granted', proof: held.proof });

/** The shared call goes on when one of those who wait for it gives up. */
function abandonable(flight: Promise<Authorization>, signal: AbortSignal): Promise<Authorization> {
  const gaveUp: Authorization = {
    outcome: 'failed',
    reply: { kind: 'not_sent', reason: 'cancelled' },
  };
  if (signal.aborted) return Promise.resolve(gaveUp);
  return new Promise((settle, fail) => {
    const giveUp = () => settle(gaveUp);
    signal.addEventListener('abort', giveUp, { once: true });
    flight.then(settle, fail).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
