import { createHmac } from 'node:crypto';
import { ProblemError } from '../problem.js';

// Bodies of ours are a few levels deep; the bound keeps strangers from exhausting the stack.
const MOST_LEVELS = 64;

/**
 * JSON with the members of every object in one order, so that the same content has one text (RFC 8785 in spirit).
 * @throws ProblemError when it is nested deeper than any body of ours
 */
export function canonicalJson(value: unknown, levels = MOST_LEVELS): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  if (levels === 0) throw new ProblemError('malformed_json');
  if (Array.isArray(value)) {
    return `[${value.map((item) => canonicalJson(item, levels - 1)).join(',')}]`;
  }
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member, levels - 1)}`);
  return `{${members.join(',')}}`;
}

/** Makes fingerprints of requests: keyed, since passwords and what payers told are part of what is hashed. */
export class RequestFingerprints {
  private readonly key: Buffer;

  constructor(secret: Buffer) {
    this.key = createHmac('sha256', secret).update('fingerprints of requests').digest();
  }

  /** The same for the same address and body, whatever the order of members and the blanks between them. */
  of({ url, body }: { readonly url: string; readonly body: unknown }): string {
    const text = `${url}\n${canonicalJson(body)}`;
    return createHmac('sha256', this.key).update(text).digest('hex');
  }
}
