import { createHash, randomBytes, randomUUID } from 'node:crypto';

/** Constancia's own name space for version-5 UUIDs; changing it would change every id. */
const NAMESPACE = '8f2bd9e2-6d5a-5c0e-9a54-0d4f6f1c7a11';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** True for a lower-case UUID of any version. */
export const isUuid = (text: string): boolean => UUID.test(text);

/**
 * A version-5 UUID (RFC 9562) of the parts, in order. Parts are length-prefixed,
 * so that ('ab','c') and ('a','bc') differ.
 */
export function uuidFrom(...parts: readonly string[]): string {
  const name = parts.map((part) => `${part.length}:${part}`).join('');
  const bytes = createHash('sha1')
    .update(Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex'))
    .update(name, 'utf8')
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}

/** SHA-256 of a text, in lower-case hex. */
export const sha256Hex = (text: string): string =>
  createHash('sha256').update(text, 'utf8').digest('hex');

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
