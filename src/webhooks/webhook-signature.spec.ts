import { createPublicKey, randomBytes, verify } from 'node:crypto';
import * as fc from 'fast-check';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import {
  newKeyPair,
  secretText,
  SECRET_BYTES,
  signatureHeader,
  type SigningSecret,
} from './webhook-signature.js';

const aSecret = (): SigningSecret => ({ scheme: 'v1', bytes: randomBytes(SECRET_BYTES) });
// The verifier takes only what was signed moments ago.
const timestamp = Math.floor(Date.now() / 1_000);
const SAID = { type: 'transaction.verified' };
const content = { id: 'msg_1', timestamp, body: JSON.stringify(SAID) };

const headersOf = (of: typeof content, secrets: readonly SigningSecret[]) => ({
  'webhook-id': of.id,
  'webhook-timestamp': String(of.timestamp),
  'webhook-signature': signatureHeader(of, secrets),
});

describe('signing a webhook', () => {
  it('is believed by the verifier of the specification, whatever the body says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.uuid(), (text, id) => {
        const secret = aSecret();
        const said = { id, timestamp, body: JSON.stringify({ text }) };
        const verifier = new Webhook(secretText(secret.bytes));

        expect(verifier.verify(said.body, headersOf(said, [secret]))).toEqual({ text });
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['body', { ...content, body: content.body.replace('verified', 'rejected') }],
    ['id', { ...content, id: 'msg_2' }],
    ['timestamp', { ...content, timestamp: timestamp - 1 }],
  ])('is not believed once its %s was changed', (_, changed) => {
    const secret = aSecret();
    const headers = {
      ...headersOf(changed, [secret]),
      'webhook-signature': signatureHeader(content, [secret]),
    };

    expect(() => new Webhook(secretText(secret.bytes)).verify(changed.body, headers)).toThrow(
      WebhookVerificationError,
    );
  });

  it('is believed with the old secret and with the new one while they are exchanged', () => {
    const [older, newer, stranger] = [aSecret(), aSecret(), aSecret()];
    const headers = headersOf(content, [newer, older]);

    for (const { bytes } of [older, newer]) {
      expect(new Webhook(secretText(bytes)).verify(content.body, headers)).toEqual(SAID);
    }
    expect(() => new Webhook(secretText(stranger.bytes)).verify(content.body, headers)).toThrow(
      WebhookVerificationError,
    );
  });

  it('can be checked with the public key alone, beside the secret', () => {
    const pair = newKeyPair();
    const secret = aSecret();
    const [v1 = '', v1a = ''] = signatureHeader(content, [
      secret,
      { scheme: 'v1a', bytes: pair.bytes },
    ]).split(' ');
    const publicKey = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: base64url(pair.publicText.slice('whpk_'.length)) },
      format: 'jwk',
    });
    const said = Buffer.from(`${content.id}.${content.timestamp}.${content.body}`);

    expect(v1).toMatch(/^v1,/);
    expect(v1a).toMatch(/^v1a,/);
    expect(verify(null, said, publicKey, Buffer.from(v1a.slice('v1a,'.length), 'base64'))).toBe(
      true,
    );
    // A verifier that knows only v1 passes over the other signature.
    const headers = headersOf(content, [{ scheme: 'v1a', bytes: pair.bytes }, secret]);
    expect(new Webhook(secretText(secret.bytes)).verify(content.body, headers)).toEqual(SAID);
  });
});

const base64url = (base64: string): string => Buffer.from(base64, 'base64').toString('base64url');
