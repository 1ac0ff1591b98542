import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { ProblemError } from '../../platform/http/problem.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import type { CallerIdentity } from '../caller.decorator.js';
import { ApiKeyDirectory } from './api-key-directory.js';
import { ApiKeyUses } from './api-key-uses.js';
import { matchesHash, parseApiKey } from './api-key.js';

type Refusal = 'missing' | 'malformed' | 'unknown' | 'revoked' | 'expired';

const BEARER = /^Bearer +(\S{1,200}) *$/i;

/** Tells from the Authorization header which key is calling. */
@Injectable()
export class ApiKeyAuthentication {
  constructor(
    private readonly directory: ApiKeyDirectory,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly uses: ApiKeyUses,
  ) {}

  async identify(authorization: string | undefined): Promise<CallerIdentity> {
    if (authorization === undefined) throw this.refused('missing');
    const [, text = ''] = BEARER.exec(authorization) ?? [];
    const parsed = parseApiKey(text);
    if (parsed === null) throw this.refused('malformed');
    const key = await this.directory.find(parsed.prefix);
    if (key === null || !matchesHash(text, key.secretHash)) throw this.refused('unknown');
    if (key.revoked) throw this.refused('revoked');
    if (key.expiresAt !== null && key.expiresAt <= this.clock.now()) throw this.refused('expired');
    this.metrics.authAttemptsTotal.inc({ method: 'api_key', result: 'success' });
    this.uses.note(key.apiKeyId);
    return key.identity;
  }

  // The caller learns only that it is unknown: which keys exist or existed is nobody's business.
  private refused(result: Refusal): ProblemError {
    this.metrics.authAttemptsTotal.inc({ method: 'api_key', result });
    const error = result === 'missing' ? '' : ', error="invalid_token"';
    return new ProblemError('not_authenticated', {
      headers: { 'www-authenticate': `Bearer realm="constancia"${error}` },
    });
  }
}
