import { Secret } from '../../platform/config/secret.js';
import type { BankSecret } from './bank-secrets.port.js';

type Content =
  | { readonly by: 'token'; readonly clientId: string; readonly clientSecret: string }
  | { readonly by: 'api_key'; readonly key: string };

/** A secret as the bytes that are locked. */
export function contentOf(secret: BankSecret): Buffer {
  const content: Content =
    secret.by === 'api_key'
      ? { by: 'api_key', key: secret.key.reveal() }
      : {
          by: 'token',
          clientId: secret.clientId.reveal(),
          clientSecret: secret.clientSecret.reveal(),
        };
  return Buffer.from(JSON.stringify(content), 'utf8');
}

/** The secret in bytes that `contentOf` made. */
export function secretFrom(bytes: Buffer): BankSecret {
  // Only what was sealed here opens, so its shape is known.
  const content = JSON.parse(bytes.toString('utf8')) as Content;
  return content.by === 'api_key'
    ? { by: 'api_key', key: new Secret(content.key) }
    : {
        by: 'token',
        clientId: new Secret(content.clientId),
        clientSecret: new Secret(content.clientSecret),
      };
}
