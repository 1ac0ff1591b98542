import { aCaller } from '../../test/support/a-submission.js';
import {
  EVERYTHING,
  goodbye,
  isAskedFor,
  maySee,
  socketText,
  streamText,
  type LiveMessage,
} from './live-message.js';
import { liveQuery, filterOf } from './live.request.js';
import { STREAM_EXAMPLES } from './sse/live-stream.description.js';
import { readClientMessage } from './sockets/client-message.js';
import { authorizationOf, isOriginAllowed } from './sockets/socket-proof.js';
import { transactionMessage } from '../transactions/public-message/transaction.message.js';

/** The message that the document of the API shows. */
const shown = (): LiveMessage => {
  const line = /^data: (.*verified.*)$/m.exec(STREAM_EXAMPLES.verdict.value)?.[1] ?? '{}';
  const message = transactionMessage.parse(JSON.parse(line));
  return { position: 46_656n, id: 'p1000', actor: 'process:verifier', message };
};
const { merchant_id: merchantId, id: transactionId } = shown().message.data.transaction;

describe('telling a client what happened', () => {
  it('writes an event that ends with an empty line and has its data in one', () => {
    const text = streamText(shown());
    expect(text).toMatch(/^id: p1000\nevent: transaction\.verified\ndata: \{.*\}\n\n$/);
  });

  it('writes the same message on a socket, with its place beside', () => {
    expect(JSON.parse(socketText(shown()))).toEqual({ ...shown().message, position: 'p1000' });
    expect(JSON.parse(socketText(goodbye('stopping')))).toEqual({
      type: 'goodbye',
      data: { reason: 'stopping', resume: true },
    });
  });

  it.each([
    ['the merchant', { merchantId, mode: 'live' }, true],
    ['staff', { merchantId: null, mode: 'live' }, true],
    ['another merchant', { merchantId: 'm-2', mode: 'live' }, false],
    ['a test key of the merchant', { merchantId, mode: 'test' }, false],
  ] as const)('shows it to %s: %j', (_, caller, sees) => {
    expect(maySee(caller, shown())).toBe(sees);
  });

  it('leaves out what was not asked for', () => {
    const asked = (query: object) =>
      isAskedFor(filterOf(liveQuery.parse(query)), aCaller(), shown());
    expect(asked({})).toBe(true);
    expect(asked({ types: 'transaction.verified, transaction.expired' })).toBe(true);
    expect(asked({ types: 'transaction.expired' })).toBe(false);
    expect(asked({ transaction_id: transactionId.toUpperCase() })).toBe(true);
    expect(asked({ transaction_id: '11111111-2222-4333-8444-555555555555' })).toBe(false);
    const own = { ...EVERYTHING, excludeOwn: true };
    expect(isAskedFor(own, { actor: 'process:verifier' }, shown())).toBe(false);
  });
});

describe('reading what a client sends', () => {
  it.each(['', '[]', '{"type":"ping","more":1}', '{"type":"filter"}', '{"type":"shout"}'])(
    'takes %j for no message',
    (text) => {
      expect(readClientMessage(text)).toBeNull();
    },
  );

  it('takes a key from the header, or from the second protocol that is offered', () => {
    expect(authorizationOf({ authorization: 'Bearer a' })).toBe('Bearer a');
    const offered = { 'sec-websocket-protocol': 'constancia.v1, bearer.ck_live_b' };
    expect(authorizationOf(offered)).toBe('Bearer ck_live_b');
    expect(authorizationOf({ 'sec-websocket-protocol': 'constancia.v1' })).toBeUndefined();
  });

  it('takes pages of listed origins and of its own, and programs, which have none', () => {
    const web = {
      publicUrl: 'https://pay.example.com/x',
      corsOrigins: ['https://shop.example.com'],
    };
    expect(isOriginAllowed(undefined, web)).toBe(true);
    expect(isOriginAllowed('https://shop.example.com', web)).toBe(true);
    expect(isOriginAllowed('https://pay.example.com', web)).toBe(true);
    expect(isOriginAllowed('https://shop.example.com.evil.example', web)).toBe(false);
    expect(isOriginAllowed('null', web)).toBe(false);
  });
});
