// Standard Webhooks 1.0.0: what is signed, and how secrets and signatures are written.
import {
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto';

/** How a message may be signed: `v1` with a secret that both sides know, `v1a` with a key that only we have. */
export type SignatureScheme = 'v1' | 'v1a';

/** What signs: the bytes of the secret, or the private key in DER (PKCS 8). */
export interface SigningSecret {
  readonly scheme: SignatureScheme;
  readonly bytes: Buffer;
}

/** What a signature covers: the very bytes that are sent, and when they are sent, so that an old one is noticed. */
export interface SignedContent {
  readonly id: string;
  /** Whole seconds since 1970. */
  readonly timestamp: number;
  readonly body: string;
}

/** The specification asks for 24 to 64 random bytes; as many as the hash has. */
export const SECRET_BYTES = 32;

const SECRET_PREFIX = 'whsec_';
const PUBLIC_PREFIX = 'whpk_';
// Before the 32 bytes of an Ed25519 public key in DER stands what kind of key it is.
const PUBLIC_KEY_BYTES = 32;

/** A secret as receivers configure it. */
export const secretText = (bytes: Buffer): string => `${SECRET_PREFIX}${bytes.toString('base64')}`;

/** A fresh key pair for `v1a`: what is kept, and what receivers configure. */
export function newKeyPair(): { readonly bytes: Buffer; readonly publicText: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-PUBLIC_KEY_BYTES);
  return {
    bytes: privateKey.export({ format: 'der', type: 'pkcs8' }),
    publicText: `${PUBLIC_PREFIX}${raw.toString('base64')}`,
  };
}

/** One signature for each secret, divided by blanks: two of a kind while a secret is exchanged. */
export function signatureHeader(content: SignedContent, secrets: readonly SigningSecret[]): string {
  const signed = `${content.id}.${content.timestamp}.${content.body}`;
  return secrets.map((secret) => signatureOf(signed, secret)).join(' ');
}

function signatureOf(signed: string, { scheme, bytes }: SigningSecret): string {
  const signature =
    scheme === 'v1'
      ? createHmac('sha256', bytes).update(signed, 'utf8').digest()
      : sign(null, Buffer.from(signed, 'utf8'), privateKeyOf(bytes));
  return `${scheme},${signature.toString('base64')}`;
}

const privateKeyOf = (der: Buffer): KeyObject =>
  createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
