import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RandomSource, sha256Hex } from '../../../kernel/ids.js';
import { PersonalDataConfig } from '../../config/config.schema.js';
import type { Attempt } from './idempotency-records.store.js';
import { RequestFingerprints } from './request-fingerprint.js';

type NamedRequest = Pick<FastifyRequest, 'method' | 'url' | 'body' | 'ip'> & {
  readonly caller?: {
    readonly actor: string;
    readonly merchantId: string | null;
    readonly mode: string;
  };
};

/** Says which try of which request one is. */
@Injectable()
export class RequestAttempts {
  private readonly fingerprints: RequestFingerprints;

  constructor(
    private readonly random: RandomSource,
    config: PersonalDataConfig,
  ) {
    // Derived, so that nobody has to keep one more secret.
    this.fingerprints = new RequestFingerprints(config.indexKey.reveal());
  }

  /** @throws ProblemError for a body that is nested too deep */
  of(request: NamedRequest, key: string): Attempt {
    const { caller, ip, method, url } = request;
    // Callers of one merchant share its keys; strangers are told apart by where they are.
    const tenant = caller === undefined ? ip : (caller.merchantId ?? caller.actor);
    const scope = [tenant, caller?.mode ?? null, method, url.split('?', 1)[0], key];
    return {
      scope: sha256Hex(JSON.stringify(scope)),
      fingerprint: this.fingerprints.of(request),
      holder: this.random.uuid(),
    };
  }
}
