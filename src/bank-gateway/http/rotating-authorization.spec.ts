import { Logger } from '@nestjs/common';
import { TestClock } from '../../../test/support/test-clock.js';
import { Secret } from '../../platform/config/secret.js';
import type { AskPermits } from '../permits/ask-permits.js';
import { type Authorization, CallAuthorization, type Proof } from './call-authorization.js';
import { RotatingAuthorization } from './rotating-authorization.js';

// A database that is away is what one of these is about; its log lines are not.
Logger.overrideLogger(false);

// Nothing here spends a permit.
const permits = {} as AskPermits;
const { signal } = new AbortController();

/** Grants one proof for ever, and counts what it is told. */
class Scripted extends CallAuthorization {
  readonly proof: Proof = { headers: new Secret({}) };
  readonly told: string[] = [];

  prepare = () => this.authorize();

  authorize(): Promise<Authorization> {
    return Promise.resolve({ outcome: 'granted', proof: this.proof });
  }

  renew(): Promise<Authorization> {
    this.told.push('refused');
    return Promise.resolve({ outcome: 'refused', why: 'scripted' });
  }

  accepted(): void {
    this.told.push('accepted');
  }
}

const world = () => {
  const clock = new TestClock(new Date(0));
  const made: Scripted[] = [];
  const state = { version: 0, isAway: false };
  const rotating = new RotatingAuthorization({
    stored: () => {
      if (state.isAway) return Promise.reject(new Error('away'));
      const secret = { by: 'api_key', key: new Secret('made-up') } as const;
      return Promise.resolve(state.version === 0 ? null : { version: state.version, secret });
    },
    make: () => {
      const one = new Scripted();
      made.push(one);
      return one;
    },
    clock,
  });
  const proofNow = async (): Promise<Proof> => {
    const authorization = await rotating.authorize(permits, signal);
    if (authorization.outcome !== 'granted') throw new Error(authorization.outcome);
    return authorization.proof;
  };
  return { clock, made, state, rotating, proofNow };
};

describe('following the secrets that are in force', () => {
  it('takes new ones within seconds', async () => {
    const { clock, made, state, proofNow } = world();
    const first = await proofNow();
    state.version = 1;

    expect(await proofNow()).toBe(first);
    clock.advance(5_000);
    expect(await proofNow()).toBe(made[1]?.proof);
    expect(made).toHaveLength(2);
  });

  it('looks at once when the bank refuses, and repeats with the new ones', async () => {
    const { made, state, rotating, proofNow } = world();
    const former = await proofNow();
    state.version = 1;

    expect(await rotating.renew(former, permits, signal)).toMatchObject({
      outcome: 'granted',
      proof: made[1]?.proof,
    });
    expect(made[0]?.told).toEqual([]);
  });

  it('leaves a refusal to those in force when nothing was rotated', async () => {
    const { made, rotating, proofNow } = world();
    const proof = await proofNow();

    expect(await rotating.renew(proof, permits, signal)).toMatchObject({ outcome: 'refused' });
    expect(made[0]?.told).toEqual(['refused']);
  });

  it('tells whoever made a proof that it was taken', async () => {
    const { clock, made, state, rotating, proofNow } = world();
    const former = await proofNow();
    state.version = 1;
    clock.advance(5_000);
    await proofNow();
    rotating.accepted(former);

    expect(made.map(({ told }) => told)).toEqual([['accepted'], []]);
  });

  it('keeps those it knows while the database is away, and knows none before it was seen', async () => {
    const known = world();
    const proof = await known.proofNow();
    known.state.isAway = true;
    known.clock.advance(60_000);
    expect(await known.proofNow()).toBe(proof);

    const { state, rotating, made } = world();
    state.isAway = true;
    expect(await rotating.prepare(permits, signal)).toMatchObject({ outcome: 'failed' });
    expect(made).toEqual([]);
  });
});
