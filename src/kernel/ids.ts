import { hash, randomBytes, randomUUID } from 'node:crypto';

/** Constancia's own name space for version-5 UUIDs; changing it would change every id. */
const NAMESPACE = '8f2bd9e2-6d5a-5c0e-9a54-0d4f6f1c7a11';

const NAMESPACE_BYTES = Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex');
const VARIANT_DIGITS = '89ab';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** True for a lower-case UUID of any version. */
export const isUuid = (text: string): boolean => UUID.test(text);

/**
 * A version-5 UUID (RFC 9562) of the parts, in order. Parts are length-prefixed,
 * so that ('ab','c') and ('a','bc') differ.
 */
export function uuidFrom(...parts: readonly string[]): string {
  let name = '';
  for (const part of parts) name += `${part.length}:${part}`;
  const hex = hash('sha1', Buffer.concat([NAMESPACE_BYTES, Buffer.from(name, 'utf8')]), 'hex');
  // Two bits of the first digit of the fourth group say which variant of UUID this is.
  const variant = VARIANT_DIGITS.charAt(Number.parseInt(hex.charAt(16), 16) & 3);
  const clock = `${variant}${hex.slice(17, 20)}`;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${clock}-${hex.slice(20, 32)}`;
}

/** SHA-256 of a text, in lower-case hex. */
export const sha256Hex = (text: string): string => hash('sha256', text, 'hex');

/** Where fresh ids and secrets come from, so that tests can fix them. */
export abstract class RandomSource {
  abstract uuid(): string;
  abstract bytes(count: number): Buffer;
}

export class SystemRandomSource extends RandomSource {
  uuid(): string {
    return randomUUID();
  }

  bytes(count: number): Buffer {
    return randomBytes(count);
  }
}
