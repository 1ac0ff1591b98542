import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type Answer, json } from './answer.js';
import type { BankClock } from './bank-clock.js';

interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Tokens given out, by the bank's own clock. */
export class Tokens {
  private readonly expiries = new Map<string, number>();

  constructor(
    private readonly clock: BankClock,
    readonly lifetimeSeconds: number,
  ) {}

  issue(): string {
    const token = randomBytes(32).toString('base64url');
    this.expiries.set(token, this.clock.now().getTime() + this.lifetimeSeconds * 1000);
    return token;
  }

  /** Whether an `Authorization` header carries a token that is still good. */
  accepts(authorization: string | undefined): boolean {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    const expiry = token === undefined ? undefined : this.expiries.get(token);
    return expiry !== undefined && this.clock.now().getTime() < expiry;
  }

  revokeAll(): void {
    this.expiries.clear();
  }
}

const refused = (status: number, error: string, error_description: string): Answer =>
  json(status, { error, error_description });

/** The bank's Keycloak, as far as a client of this service meets it. */
export class TokenEndpoint {
  constructor(
    private readonly tokens: Tokens,
    private readonly client: Client,
  ) {}

  answer(contentType: string, authorization: string | undefined, body: string): Answer {
    if (!contentType.startsWith('application/x-www-form-urlencoded')) {
      return refused(415, 'unsupported_media_type', 'HTTP 415 Unsupported Media Type');
    }
    const form = new URLSearchParams(body);
    const grant = form.get('grant_type');
    if (grant === null)
      return refused(400, 'invalid_request', 'Missing form parameter: grant_type');
    if (!clientsIn(authorization, form).some((client) => this.knows(client))) {
      return refused(401, 'unauthorized_client', 'Invalid client or Invalid client credentials');
    }
    if (grant === 'client_credentials') {
      return refused(401, 'unauthorized_client', 'Client not enabled to retrieve service account');
    }
    if (grant !== 'password') {
      return refused(400, 'unsupported_grant_type', 'Unsupported grant_type');
    }
    return this.passwordGrant(form);
  }

  /** The client is its own resource owner: the same pair again as user name and password. */
  private passwordGrant(form: URLSearchParams): Answer {
    const owner = { id: form.get('username') ?? '', secret: form.get('password') ?? '' };
    if (!this.knows(owner)) return refused(401, 'invalid_grant', 'Invalid user credentials');
    return json(200, {
      access_token: this.tokens.issue(),
      expires_in: this.tokens.lifetimeSeconds,
      refresh_expires_in: 1800,
      refresh_token: randomBytes(32).toString('base64url'),
      token_type: 'Bearer',
      'not-before-policy': 0,
      scope: form.get('scope') ?? 'profile email',
    });
  }

  private knows({ id, secret }: { id: string; secret: string }): boolean {
    return same(id, this.client.clientId) && same(secret, this.client.clientSecret);
  }
}

/** Basic header or form fields; either is accepted. */
function clientsIn(
  authorization: string | undefined,
  form: URLSearchParams,
): readonly { id: string; secret: string }[] {
  const basic = /^Basic (\S+)$/i.exec(authorization ?? '')?.[1];
  if (basic === undefined) {
    return [{ id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' }];
  }
  const pair = Buffer.from(basic, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  const [id, secret] = [pair.slice(0, colon), pair.slice(colon + 1)];
  // RFC 6749, 2.3.1: both halves are form-encoded before they are joined; many clients forget it.
  return [
    { id, secret },
    { id: unescaped(id), secret: unescaped(secret) },
  ];
}

const unescaped = (part: string): string => {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '));
  } catch {
    return part;
  }
};

const same = (given: string, known: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(known)];
  return a.length === b.length && timingSafeEqual(a, b);
};
