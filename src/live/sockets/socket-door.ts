import proxyAddress from '@fastify/proxy-addr';
import { Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { CallerDoor, type Knock } from '../../access/standing/caller-door.port.js';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import { RandomSource } from '../../kernel/ids.js';
import { RuleViolation } from '../../kernel/rejection.js';
import { ProblemError } from '../../platform/http/problem.js';
import { Problems, type ProblemAnswer } from '../../platform/http/problems.js';
import { requestIdOf } from '../../platform/http/request-id.js';
import { ServerConfig } from '../../platform/http/server.config.js';
import { traceIdOf } from '../../platform/http/trace-parent.js';
import { fieldErrors } from '../../platform/http/validation.pipe.js';
import type { LiveFilter } from '../live-message.js';
import { filterOf, liveQuery } from '../live.request.js';
import { authorizationOf, isOriginAllowed } from './socket-proof.js';

export const SOCKET_PATH = '/api/v1/ws';

/** A handshake, as far as it must be known to judge it. */
export interface Entry extends Knock {
  readonly id: string;
  readonly originalUrl: string;
}

/** Judges handshakes: who asks, from where, and for what. */
@Injectable()
export class SocketDoor {
  private readonly requestId: ReturnType<typeof requestIdOf>;
  private readonly trust: (address: string, at: number) => boolean;

  constructor(
    private readonly door: CallerDoor,
    private readonly server: ServerConfig,
    private readonly problems: Problems,
    random: RandomSource,
  ) {
    this.requestId = requestIdOf(random);
    this.trust = proxyAddress.compile([...server.trustedProxies]);
  }

  /** What a handshake is refused with. */
  problemOf(error: unknown, entry: Entry): ProblemAnswer {
    return this.problems.of(error, entry);
  }

  takesPagesOf(origin: string | undefined): boolean {
    return isOriginAllowed(origin, this.server);
  }

  entryOf(request: IncomingMessage): Entry {
    const id = this.requestId(request);
    return {
      id,
      requestId: id,
      originalUrl: request.url ?? SOCKET_PATH,
      authorization: authorizationOf(request.headers),
      permission: 'transactions:read',
      address: proxyAddress(request, this.trust),
      route: `GET ${SOCKET_PATH}`,
      traceId: traceIdOf(request.headers.traceparent),
    };
  }

  /** @throws ProblemError `invalid_input` */
  askedFor({ originalUrl }: Entry): { readonly filter: LiveFilter; readonly after: bigint | null } {
    const { searchParams } = new URL(originalUrl, 'http://localhost');
    const asked = Object.fromEntries(searchParams);
    const parsed = liveQuery.safeParse(asked);
    if (!parsed.success) {
      const errors = fieldErrors('query', asked, parsed.error.issues);
      throw new ProblemError('invalid_input', { errors });
    }
    return { filter: filterOf(parsed.data), after: parsed.data.last_event_id ?? null };
  }

  /** @throws ProblemError as the guard of routes does */
  admit(entry: Entry): Promise<CallerIdentity> {
    return this.door.admit(entry);
  }

  /** What a page of an origin that is not allowed is refused with, whoever is behind it. */
  stranger(entry: Entry): ProblemError {
    this.door.tellRefusal(entry, null, 'not_permitted');
    return new ProblemError('not_permitted');
  }

  /** Puts into the audit what is refused by a rule to somebody who was let in, as after a route. */
  async noting<T>(entry: Entry, caller: CallerIdentity, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof RuleViolation && REFUSALS.has(error.rejection.code)) {
        this.door.tellRefusal(entry, caller, error.rejection.code);
      }
      throw error;
    }
  }
}

// Those that a route answers with 403 or 429.
const REFUSALS = new Set(['merchant_suspended', 'too_many_live_connections']);
