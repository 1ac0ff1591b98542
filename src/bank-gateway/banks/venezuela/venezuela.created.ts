import { Secret } from '../../../platform/config/secret.js';
import type { CredentialParticulars } from '../../created-credential.js';
import { VenezuelaConfig } from './venezuela.config.js';

// The setup wants a key to be there; calls go out with stored ones only.
const NOT_STORED_HERE = new Secret('stored, not configured');

/** A credential that an admin created, as a configuration of its own with the conduct of the bank's own line. */
export function createdAtVenezuela(
  live: VenezuelaConfig,
  given: CredentialParticulars,
): VenezuelaConfig {
  const { credentialId, affiliate } = given;
  return new VenezuelaConfig(
    Object.assign({}, live, {
      credentialId,
      affiliate,
      apiKey: NOT_STORED_HERE,
      limitCalls: given.calls ?? live.limitCalls,
      limitWindowMs: given.windowMs ?? live.limitWindowMs,
      receivingPhone: given.receivingPhone ?? live.receivingPhone,
    }),
  );
}
