import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { sha256Hex } from '../../kernel/ids.js';

/** Where a page ended: the list's sort key and the id that breaks ties. */
export interface PageEnd {
  readonly key: bigint;
  readonly id: string;
}

const contents = z.tuple([z.string().regex(/^\d{1,19}$/), z.string().max(64), z.string().max(64)]);

const asText = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value;

/**
 * Writes and reads cursors that callers can neither read a meaning into nor forge. What the list was narrowed by is
 * part of a cursor, so that it cannot be carried to another list.
 */
export class PageCursors {
  private readonly key: Buffer;

  constructor(secret: Buffer, list: string) {
    this.key = createHmac('sha256', secret).update(`cursor of ${list}`).digest();
  }

  write({ key, id }: PageEnd, narrowedBy: unknown): string {
    const body = Buffer.from(JSON.stringify([key.toString(), id, fingerprint(narrowedBy)]));
    return `${body.toString('base64url')}.${this.sign(body).toString('base64url')}`;
  }

  /** Null for a cursor that is not ours, or of a list narrowed otherwise. */
  read(cursor: string, narrowedBy: unknown): PageEnd | null {
    const [bodyText = '', signatureText = ''] = cursor.split('.', 2);
    const body = Buffer.from(bodyText, 'base64url');
    const signature = Buffer.from(signatureText, 'base64url');
    const expected = this.sign(body);
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return null;
    const [key, id, of] = contents.parse(JSON.parse(body.toString('utf8')));
    return of === fingerprint(narrowedBy) ? { key: BigInt(key), id } : null;
  }

  private sign(body: Buffer): Buffer {
    return createHmac('sha256', this.key).update(body).digest();
  }
}

const fingerprint = (narrowedBy: unknown): string =>
  sha256Hex(JSON.stringify(narrowedBy, asText)).slice(0, 32);
