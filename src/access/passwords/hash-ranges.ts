import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import type { Clock } from '../../kernel/clock.js';
import { VERSION } from '../../platform/build.js';
import {
  AddressForbidden,
  guardedLookup,
  mayReach,
} from '../../platform/network/guarded-lookup.js';
import {
  HashesUnavailable,
  codeOf,
  type BreachedHashes,
  type PasswordDigest,
} from './breached-hashes.js';

/** So many digits are told; a million passwords and more of the public list begin with any five. */
const TOLD_DIGITS = 5;
// A range of the public list has about two thousand lines of 40 bytes.
const MOST_ANSWER_BYTES = 1_048_576;
const LINE = /^([0-9A-F]{35}):(\d{1,10})$/i;

/** Hashes at an address that is asked by their first five digits and answers with the rest of all that begin so. */
export class HashRanges implements BreachedHashes {
  constructor(
    private readonly address: string,
    private readonly timeoutMs: number,
    private readonly clock: Clock,
  ) {}

  async has(digest: PasswordDigest): Promise<boolean> {
    const late = this.clock.timeout(this.timeoutMs);
    const answer = await this.ask(digest.slice(0, TOLD_DIGITS), late).catch((error: unknown) => {
      if (error instanceof HashesUnavailable) throw error;
      const code = late.aborted ? 'TIMEOUT' : codeOf(error);
      throw new HashesUnavailable(`the address of hashes cannot be asked (${code})`);
    });
    const rest = digest.slice(TOLD_DIGITS);
    return endsOf(answer).some(({ digits, count }) => digits === rest && count > 0);
  }

  private ask(prefix: string, signal: AbortSignal): Promise<string> {
    return new Promise((resolve, fail) => {
      const url = new URL(`${this.address.replace(/\/+$/, '')}/${prefix}`);
      mustBeAllowed(url.hostname);
      const { get } = url.protocol === 'https:' ? https : http;
      const call = get(url, {
        // Asked now and then: a connection that was kept would be closed at the other end.
        agent: false,
        lookup: guardedLookup((host, found) => mayReach(host, found, false)),
        signal,
        // Padded, so that the size of the answer does not tell which range was asked for.
        headers: { 'add-padding': 'true', 'user-agent': `Constancia/${VERSION}` },
        minVersion: 'TLSv1.2',
      });
      call.on('error', fail);
      call.once('response', (response) => {
        readWhole(response).then(resolve, fail);
      });
    });
  }
}

/** An address is connected to without a look-up, so it is judged here. */
function mustBeAllowed(hostname: string): void {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !mayReach(host, host, false)) throw new AddressForbidden(host);
}

async function readWhole(response: http.IncomingMessage): Promise<string> {
  if (response.statusCode !== 200) {
    response.destroy();
    throw new HashesUnavailable(`the address of hashes answers ${response.statusCode}`);
  }
  const parts: Buffer[] = [];
  let taken = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    taken += part.length;
    if (taken > MOST_ANSWER_BYTES) throw new HashesUnavailable('the answer is too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('latin1');
}

/** What the lines say. Padding has a count of nought. */
function endsOf(answer: string): readonly { readonly digits: string; readonly count: number }[] {
  return answer
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => {
      const [, digits, count] = LINE.exec(line) ?? [];
      if (digits === undefined) throw new HashesUnavailable('the answer is no list of hashes');
      return { digits: digits.toUpperCase(), count: Number(count) };
    });
}
