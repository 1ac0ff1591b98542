// AES-256-GCM with a random nonce in front and the tag behind: nonce (12 bytes), ciphertext, tag (16 bytes).
import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
export const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What cannot be opened: another key, another purpose, or bytes that were changed. */
export class BoxUnreadable extends Error {
  override name = 'BoxUnreadable';

  constructor(options?: ErrorOptions) {
    super('the box cannot be opened with this key', options);
  }
}

interface Sealing {
  /** As an object: with the bytes themselves each call would take ten times as long (Node 24). */
  readonly key: KeyObject;
  /** Fresh for every box: a nonce used twice under one key would reveal both. */
  readonly nonce: Buffer;
  /** What the box is for; it opens only for the same purpose. */
  readonly purpose: string;
}

/** Locks a text so that a change of one bit, or another purpose, is noticed. */
export function sealBox(content: Buffer, { key, nonce, purpose }: Sealing): Buffer {
  const cipher = createCipheriv(ALGORITHM, key, nonce);
  cipher.setAAD(Buffer.from(purpose, 'utf8'));
  // In this mode the text comes out whole, and as long as it went in; the end yields nothing more.
  const locked = cipher.update(content);
  cipher.final();
  return Buffer.concat([nonce, locked, cipher.getAuthTag()]);
}

/** Unlocks a box. @throws BoxUnreadable */
export function openBox(box: Buffer, { key, purpose }: Omit<Sealing, 'nonce'>): Buffer {
  if (box.length < NONCE_BYTES + TAG_BYTES) throw new BoxUnreadable();
  const decipher = createDecipheriv(ALGORITHM, key, box.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(purpose, 'utf8'));
  decipher.setAuthTag(box.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([
      decipher.update(box.subarray(NONCE_BYTES, -TAG_BYTES)),
      decipher.final(),
    ]);
  } catch (cause) {
    throw new BoxUnreadable({ cause });
  }
}
