import { modesOf } from '../bank-gateway.port.js';
import type { BankRegistry, KnownLine } from '../bank-registry.js';
import type { BankSetup } from '../bank-setup.js';
import type { GatewayClosures } from '../permits/gateway-closures.port.js';
import type { PermitLog } from '../permits/permit-log.port.js';
import type { BankCredentialResource, TrialResource } from './bank-credential.resource.js';
import type { BankSecret, BankSecrets } from './bank-secrets.port.js';
import type { CredentialActs } from './credential-acts.store.js';
import type { CredentialRoll } from './credential-roll.js';
import type { CredentialTrialRow, CredentialTrials } from './credential-trials.store.js';

export interface CredentialReaderParts {
  readonly registry: BankRegistry;
  readonly roll: CredentialRoll;
  readonly acts: CredentialActs;
  readonly secrets: BankSecrets;
  readonly trials: CredentialTrials;
  readonly closures: GatewayClosures;
  readonly permits: PermitLog;
}

// Four characters of a short key would be a good part of it.
const LEAST_KEY = 16;

/** What an admin may see of the credentials: never a secret. */
export class CredentialReader {
  constructor(private readonly parts: CredentialReaderParts) {}

  /** How a credential is known, whichever instance made it; null for none. */
  async lineOf(credentialId: string): Promise<KnownLine | null> {
    await this.parts.roll.refresh();
    return this.parts.registry.find(credentialId);
  }

  async all(): Promise<BankCredentialResource[]> {
    await this.parts.roll.refresh();
    return Promise.all(this.parts.registry.known().map((line) => this.read(line)));
  }

  async read({ setup, standing }: KnownLine): Promise<BankCredentialResource> {
    const { acts, closures, permits, trials } = this.parts;
    const { credentialId, bank, affiliate, sandbox = false } = setup.credential;
    // First: whoever sees newer facts under it is told 412, never the other way round.
    const version = await acts.version(credentialId);
    const [closure, trial, { used }, secret] = await Promise.all([
      closures.find(credentialId),
      trials.latest(credentialId),
      permits.usage(credentialId),
      this.secretOf(setup),
    ]);
    return {
      id: credentialId,
      bank,
      affiliate,
      sandbox,
      modes: [...modesOf(setup.credential)],
      origin: setup.isCreated === true ? 'created' : 'configuration',
      standing,
      state: closure === null ? 'open' : 'closed',
      closed_at: closure?.closedAt.toISOString() ?? null,
      closed_because: closure?.reason ?? null,
      secret,
      trial: trial === null ? null : resourceOfTrial(trial),
      calls_allowed: setup.limits.calls,
      window_seconds: setup.limits.windowMs / 1000,
      calls_used: used,
      version,
    };
  }

  private async secretOf(setup: BankSetup): Promise<BankCredentialResource['secret']> {
    const { secrets } = this.parts;
    const { credentialId } = setup.credential;
    const { authorization } = setup;
    const kind = authorization.by === 'token' ? 'client' : 'api_key';
    const version = await secrets.version(credentialId);
    const shown = { kind, version, ends_with: null, stored_at: null } as const;
    if (version === 0 && setup.isCreated === true) return { ...shown, source: 'none' };
    if (version === 0) {
      return { ...shown, source: 'configuration', ends_with: endOf(configured(authorization)) };
    }
    try {
      const stored = await secrets.inForce(credentialId);
      const none = setup.isCreated === true ? ('none' as const) : ('configuration' as const);
      if (stored === null) return { ...shown, version: 0, source: none };
      return {
        kind,
        version: stored.version,
        source: 'stored',
        ends_with: endOf(stored.secret),
        stored_at: stored.storedAt.toISOString(),
      };
    } catch (error) {
      if ((error as { name?: string }).name !== 'BoxUnreadable') throw error;
      return { ...shown, source: 'unreadable' };
    }
  }
}

export const resourceOfTrial = (row: CredentialTrialRow): TrialResource => ({
  id: row.trial_id,
  state: row.outcome ?? 'waiting',
  submitted_by: row.acting.actor,
  reason: row.reason,
  begun_at: row.begun_at.toISOString(),
  ended_at: row.ended_at?.toISOString() ?? null,
});

function configured(authorization: BankSetup['authorization']): BankSecret {
  if (authorization.by === 'api_key') return { by: 'api_key', key: authorization.apiKey.key };
  const { clientId, clientSecret } = authorization.grant;
  return { by: 'token', clientId, clientSecret };
}

/** A client id names us and is no secret; of a key only a long one shows its end. */
function endOf(secret: BankSecret): string | null {
  if (secret.by === 'token') return secret.clientId.reveal().slice(-4);
  const key = secret.key.reveal();
  return key.length < LEAST_KEY ? null : key.slice(-4);
}
