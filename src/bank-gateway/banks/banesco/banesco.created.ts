import { Secret } from '../../../platform/config/secret.js';
import type { CredentialParticulars } from '../../created-credential.js';
import { BanescoConfig } from './banesco.config.js';

/**
 * A credential that an admin created, as a configuration of its own: addresses, conduct and the keys that vouch for
 * the client are those of the bank's own line; its secrets are stored, and the owner of a password grant is the client.
 */
export function createdAtBanesco(live: BanescoConfig, given: CredentialParticulars): BanescoConfig {
  const { credentialId, affiliate } = given;
  const nothing = new Secret('');
  return new BanescoConfig(
    Object.assign({}, live, {
      credentialId,
      affiliate,
      limitCalls: given.calls ?? live.limitCalls,
      limitWindowMs: given.windowMs ?? live.limitWindowMs,
      clientId: nothing,
      clientSecret: nothing,
      username: nothing,
      password: nothing,
    }),
  );
}
