import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripTypeScriptTypes } from 'node:module';
import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { secretText, signatureHeader, SECRET_BYTES } from '../../src/webhooks/webhook-signature.js';
import { repositoryRoot } from './cruise.js';

type Take = (
  secret: string,
  body: string,
  headers: Record<string, string>,
  taken: Set<string>,
) => { readonly id: string } | null;

/** The snippet of docs/webhooks.md, as it stands there. */
function snippet(): Take {
  const page = readFileSync(join(repositoryRoot, 'docs/webhooks.md'), 'utf8');
  const typed = /```ts\n([\s\S]+?)```/.exec(page)?.[1] ?? '';
  const code = stripTypeScriptTypes(typed)
    .replace(/^import .*$/m, '')
    .replace('export function', 'return function');
  // What integrators copy is what runs here.
  // oxlint-disable-next-line typescript/no-implied-eval, no-new-func
  return (new Function('Webhook', code) as (verifier: typeof Webhook) => Take)(Webhook);
}

describe('showing how a message is taken', () => {
  it('takes what we sign, each id once, and nothing else', () => {
    const take = snippet();
    const bytes = randomBytes(SECRET_BYTES);
    const body = JSON.stringify({ id: 'msg_1', type: 'transaction.verified', data: {} });
    const timestamp = Math.floor(Date.now() / 1_000);
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatureHeader({ id: 'msg_1', timestamp, body }, [
        { scheme: 'v1', bytes },
      ]),
    };
    const taken = new Set<string>();
    const secret = secretText(bytes);

    expect(take(secret, body, headers, taken)).toMatchObject({ id: 'msg_1' });
    expect(take(secret, body, headers, taken)).toBeNull();
    expect(() => take(secret, `${body} `, headers, taken)).toThrow('No matching signature');
  });
});
