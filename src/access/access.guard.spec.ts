import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { TestClock } from '../../test/support/test-clock.js';
import { SystemRandomSource } from '../kernel/ids.js';
import { RolesConfig } from '../platform/config/config.schema.js';
import { OpenToAll } from '../platform/http/open-to-all.decorator.js';
import { ProblemError } from '../platform/http/problem.js';
import { Metrics } from '../platform/metrics/metrics.js';
import type { CallerIdentity } from './caller.decorator.js';
import { AccessGuard } from './access.guard.js';
import { ApiKeyAuthentication } from './api-keys/api-key-authentication.js';
import { ApiKeyDirectory, type KnownApiKey } from './api-keys/api-key-directory.js';
import { ApiKeyUses } from './api-keys/api-key-uses.js';
import { mintApiKey } from './api-keys/api-key.js';
import { CallerLimits } from './limits/caller-limits.js';
import { LimitsConfig } from './limits/limits.config.js';
import { RequestCounts } from './limits/request-counts.port.js';
import { RequestLimits } from './limits/request-limits.js';
import { Requires } from './requires.decorator.js';

class Routes {
  @Requires('transactions:write')
  write(this: void): void {}

  @Requires('finance:read')
  finance(this: void): void {}

  @OpenToAll()
  open(this: void): void {}

  undeclared(this: void): void {}
}

const routes = new Routes();
const clock = new TestClock();
const NOW = clock.now();

class OneKey extends ApiKeyDirectory {
  constructor(
    private readonly prefix: string,
    private readonly key: KnownApiKey,
  ) {
    super();
  }

  find(prefix: string): Promise<KnownApiKey | null> {
    return Promise.resolve(prefix === this.prefix ? this.key : null);
  }

  review(): Promise<ReadonlyMap<string, CallerIdentity>> {
    return Promise.resolve(new Map());
  }
}

/** Nobody else counts. */
class NoCounts extends RequestCounts {
  add = () => Promise.resolve([]);
}

/** A guard that knows one key. */
function stage(changes: Partial<KnownApiKey> = {}, roles: ('api' | 'projector')[] = ['api']) {
  const minted = mintApiKey('live', new SystemRandomSource());
  const metrics = new Metrics();
  const directory = new OneKey(minted.prefix, {
    apiKeyId: 'k-1',
    identity: {
      actor: 'api_key:k-1',
      merchantId: 'm-1',
      mode: 'live',
      permissions: new Set(['transactions:write']),
    },
    secretHash: minted.hash,
    expiresAt: null,
    revoked: false,
    ...changes,
  });
  const keys = new ApiKeyAuthentication(directory, clock, metrics, new ApiKeyUses());
  const many = { requests: 1_000, seconds: 60 };
  const rates = new LimitsConfig({ login: many, register: many, default: many });
  const limits = new CallerLimits(new RequestLimits(rates, new NoCounts(), clock), rates);
  const guard = new AccessGuard(new Reflector(), keys, limits, new RolesConfig({ roles }));
  const pass = async (handler: () => void, authorization?: string) => {
    const reply = { header: () => reply };
    const request: { headers: { authorization?: string }; ip: string; caller?: unknown } = {
      ip: '192.0.2.1',
      headers: authorization === undefined ? {} : { authorization },
    };
    const context = {
      getHandler: () => handler,
      getClass: () => Routes,
      switchToHttp: () => ({ getRequest: () => request, getResponse: () => reply }),
    } as unknown as ExecutionContext;
    const outcome = await guard.canActivate(context).catch((error: unknown) => error);
    if (outcome !== true && !(outcome instanceof ProblemError)) throw outcome;
    return { outcome: outcome === true ? 'passed' : outcome.code, request, problem: outcome };
  };
  return { pass, bearer: `Bearer ${minted.text}`, text: minted.text, metrics };
}

describe('guarding the routes', () => {
  it('lets a key with the permission in and says who it is', async () => {
    const { pass, bearer } = stage();
    const { outcome, request } = await pass(routes.write, bearer);
    expect(outcome).toBe('passed');
    expect(request.caller).toEqual({
      actor: 'api_key:k-1',
      merchantId: 'm-1',
      mode: 'live',
      permissions: new Set(['transactions:write']),
    });
  });

  it('refuses a key without the permission', async () => {
    const { pass, bearer } = stage();
    expect(await pass(routes.finance, bearer)).toMatchObject({ outcome: 'not_permitted' });
  });

  it('refuses everybody where a route declares nothing', async () => {
    const { pass, bearer } = stage();
    expect((await pass(routes.undeclared, bearer)).outcome).toBe('not_permitted');
    expect((await pass(routes.undeclared)).outcome).toBe('not_authenticated');
  });

  it('asks nobody who they are where a route is open', async () => {
    const { pass } = stage();
    expect((await pass(routes.open)).outcome).toBe('passed');
    expect((await pass(routes.open, 'Bearer nonsense')).outcome).toBe('passed');
  });

  it('takes the scheme in any case and with more blanks', async () => {
    const { pass, text } = stage();
    expect((await pass(routes.write, `bearer   ${text} `)).outcome).toBe('passed');
  });

  it.each([
    ['nothing', undefined, 'missing'],
    ['an empty header', '', 'malformed'],
    ['another scheme', 'Basic dTpw', 'malformed'],
    ['something that is no key', 'Bearer 1234', 'malformed'],
    ['a flood', `Bearer ${'x'.repeat(10_000)}`, 'malformed'],
    ['a key that was never issued', `Bearer ck_live_abcdefgh_${'a'.repeat(32)}`, 'unknown'],
  ])('does not know who presents %s', async (_, header, result) => {
    const { pass, metrics } = stage();
    const { outcome, problem } = await pass(routes.write, header);
    expect(outcome).toBe('not_authenticated');
    expect((problem as ProblemError).headers['www-authenticate']).toMatch(/^Bearer realm=/);
    expect(await metrics.registry.metrics()).toContain(
      `auth_attempts_total{method="api_key",result="${result}"} 1`,
    );
  });

  it('does not know a key whose secret is wrong', async () => {
    const { pass, bearer } = stage();
    const wrong = bearer.slice(0, -1) + (bearer.endsWith('a') ? 'b' : 'a');
    expect((await pass(routes.write, wrong)).outcome).toBe('not_authenticated');
  });

  it('does not know a revoked key', async () => {
    const { pass, bearer } = stage({ revoked: true });
    expect((await pass(routes.write, bearer)).outcome).toBe('not_authenticated');
  });

  it.each([
    ['now', NOW, 'not_authenticated'],
    ['a millisecond ago', new Date(NOW.getTime() - 1), 'not_authenticated'],
    ['in a millisecond', new Date(NOW.getTime() + 1), 'passed'],
  ])('looks at a key that expires %s', async (_, expiresAt, expected) => {
    const { pass, bearer } = stage({ expiresAt });
    expect((await pass(routes.write, bearer)).outcome).toBe(expected);
  });

  it('answers only open routes in a process without the role api', async () => {
    const { pass, bearer } = stage({}, ['projector']);
    expect((await pass(routes.write, bearer)).outcome).toBe('not_served_here');
    expect((await pass(routes.open)).outcome).toBe('passed');
  });
});
