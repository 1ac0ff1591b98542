import { TestClock } from '../../../test/support/test-clock.js';
import { RandomSource } from '../../kernel/ids.js';
import { Secret } from '../../platform/config/secret.js';
import { AskPermits } from '../permits/ask-permits.js';
import { AccessTokens } from './access-token.js';
import type { Authorization, Proof } from './call-authorization.js';
import type { IssuedToken, TokenCall } from './token-call.js';

type Answer = Awaited<ReturnType<TokenCall['request']>>;

/** Never asked: the token source of these specs needs no permit. */
const NO_PERMITS = {} as AskPermits;
const patient = new AbortController().signal;

class NoJitter extends RandomSource {
  uuid(): string {
    return '';
  }
  bytes(count: number): Buffer {
    return Buffer.alloc(count);
  }
}

/** A token endpoint that answers what the spec queued, when the spec says so. */
class ScriptedSource {
  calls = 0;
  private readonly answers: Answer[] = [];
  private held: (() => void) | null = null;
  private holding = false;

  constructor(private readonly clock: TestClock) {}

  issues(expiresInSeconds: number | null = 300): this {
    const value = new Secret(`token-${this.answers.length + 1}`);
    this.answers.push({ outcome: 'issued', value, expiresInSeconds });
    return this;
  }

  answersWith(answer: Exclude<Answer, IssuedToken>): this {
    this.answers.push(answer);
    return this;
  }

  hold(): void {
    this.holding = true;
  }

  release(): void {
    this.holding = false;
    this.held?.();
  }

  /** How long the endpoint takes. */
  delayMs = 0;

  async request(): Promise<Answer> {
    const answer = this.answers[this.calls];
    this.calls += 1;
    if (this.holding) await new Promise<void>((go) => (this.held = go));
    this.clock.advance(this.delayMs);
    if (answer === undefined) throw new Error('one token call too many');
    return answer;
  }
}

const proofOf = (authorization: Authorization): Proof => {
  if (authorization.outcome !== 'granted') throw new Error(authorization.outcome);
  return authorization.proof;
};
const headerOf = (authorization: Authorization) =>
  proofOf(authorization).headers.reveal()['authorization'];

describe('holding an access token', () => {
  let clock: TestClock;
  let source: ScriptedSource;
  let tokens: AccessTokens;
  beforeEach(() => {
    clock = new TestClock();
    source = new ScriptedSource(clock);
    const stopping = new AbortController().signal;
    tokens = new AccessTokens(source, clock, new NoJitter(), stopping);
  });
  const authorize = () => tokens.authorize(NO_PERMITS, patient);
  const prepare = () => tokens.prepare(NO_PERMITS, patient);
  const renew = (proof: Proof) => tokens.renew(proof, NO_PERMITS, patient);

  it('fetches one and uses it again', async () => {
    source.issues();
    expect(headerOf(await authorize())).toBe('Bearer token-1');
    expect(headerOf(await authorize())).toBe('Bearer token-1');
    expect(source.calls).toBe(1);
  });

  it('makes one call for all who ask at once', async () => {
    source.issues();
    source.hold();
    const asking = Array.from({ length: 50 }, authorize);
    source.release();
    const headers = (await Promise.all(asking)).map(headerOf);
    expect(new Set(headers)).toEqual(new Set(['Bearer token-1']));
    expect(source.calls).toBe(1);
  });

  it('lets all who wait fail together, and the next try again', async () => {
    source.answersWith({ outcome: 'wait', waitMs: 7 }).issues();
    source.hold();
    const asking = [authorize(), authorize()];
    source.release();
    expect((await Promise.all(asking)).map(({ outcome }) => outcome)).toEqual(['wait', 'wait']);
    expect(headerOf(await authorize())).toBe('Bearer token-2');
  });

  it('lets one who gives up go without ending the call of the others', async () => {
    source.issues();
    source.hold();
    const giving = new AbortController();
    const impatient = tokens.authorize(NO_PERMITS, giving.signal);
    const waiting = authorize();
    giving.abort();
    expect(await impatient).toMatchObject({ outcome: 'failed', reply: { reason: 'cancelled' } });
    source.release();
    expect(headerOf(await waiting)).toBe('Bearer token-1');
  });

  it.each([
    [300, 239_999, 240_000],
    [3600, 3_539_999, 3_540_000],
    [20, 15_999, 16_000],
  ])('refreshes one of %d s ahead of its end', async (seconds, freshMs, staleMs) => {
    source.issues(seconds).issues(seconds);
    await prepare();
    clock.advance(freshMs);
    expect(headerOf(await prepare())).toBe('Bearer token-1');
    clock.advance(staleMs - freshMs);
    expect(headerOf(await prepare())).toBe('Bearer token-2');
  });

  it('goes on with the old one when an early refresh fails', async () => {
    source.issues(300).answersWith({ outcome: 'wait', waitMs: 30_000 }).issues(300);
    await prepare();
    clock.advance(250_000);
    expect(headerOf(await prepare())).toBe('Bearer token-1');
    clock.advance(45_000);
    expect(headerOf(await prepare())).toBe('Bearer token-3');
  });

  it('uses no token in its last moments', async () => {
    source.issues(300).issues(300);
    await authorize();
    clock.advance(294_999);
    expect(headerOf(await authorize())).toBe('Bearer token-1');
    clock.advance(1);
    expect(headerOf(await authorize())).toBe('Bearer token-2');
  });

  it('counts its life from before the request, by the monotonic clock', async () => {
    source.issues(300).issues(300);
    source.delayMs = 100_000;
    await authorize();
    clock.advance(194_999);
    expect(headerOf(await authorize())).toBe('Bearer token-1');
    clock.advance(1);
    await authorize();
    expect(source.calls).toBe(2);
  });

  it('takes a minute for the life of one that names none', async () => {
    source.issues(null).issues();
    await authorize();
    clock.advance(54_999);
    await authorize();
    expect(source.calls).toBe(1);
    clock.advance(1);
    await authorize();
    expect(source.calls).toBe(2);
  });

  describe('when the bank refuses it', () => {
    it('gets another', async () => {
      source.issues().issues();
      const first = proofOf(await authorize());
      expect(headerOf(await renew(first))).toBe('Bearer token-2');
    });

    it('gets one other for many calls refused with the same', async () => {
      source.issues().issues();
      const first = proofOf(await authorize());
      const renewed = await Promise.all([renew(first), renew(first), renew(first)]);
      expect(new Set(renewed.map(headerOf))).toEqual(new Set(['Bearer token-2']));
      expect(source.calls).toBe(2);
      expect(headerOf(await renew(first))).toBe('Bearer token-2');
    });

    it('gives up when the other is refused too', async () => {
      source.issues().issues();
      const second = proofOf(await renew(proofOf(await authorize())));
      expect(await renew(second)).toEqual({ outcome: 'refused', why: 'renewed_token_refused' });
      expect(source.calls).toBe(2);
    });

    it('fetches nothing more for the other calls that the same token failed', async () => {
      source.issues().issues();
      const second = proofOf(await renew(proofOf(await authorize())));
      const outcomes = await Promise.all([renew(second), renew(second), renew(second)]);
      expect(outcomes.map(({ outcome }) => outcome)).toEqual(['refused', 'refused', 'refused']);
      expect(source.calls).toBe(2);
    });

    it('remembers the refusal over asks, until the bank takes a token', async () => {
      source.issues().answersWith({ outcome: 'wait', waitMs: 30_000 }).issues();
      const first = proofOf(await authorize());
      expect((await renew(first)).outcome).toBe('wait');
      const later = proofOf(await authorize());
      expect((await renew(later)).outcome).toBe('refused');
    });

    it('forgets it once the bank has taken a token', async () => {
      source.issues().issues().issues();
      const second = proofOf(await renew(proofOf(await authorize())));
      tokens.accepted(second);
      expect(headerOf(await renew(second))).toBe('Bearer token-3');
    });
  });

  it('passes on that the token endpoint refuses us', async () => {
    source.answersWith({ outcome: 'refused', why: 'invalid_client' });
    expect(await prepare()).toEqual({ outcome: 'refused', why: 'invalid_client' });
  });

  it('prints no token', async () => {
    source.issues();
    expect(JSON.stringify(await authorize())).not.toContain('token-1');
  });
});
