import { createServer, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SystemClock } from '../../kernel/clock.js';
import { ClaimWalk, WalkFailed, type WalkedClaim } from './claim-walk.js';

interface Reply {
  readonly status: number;
  readonly body: object;
  readonly replayed?: boolean;
}

const claim: WalkedClaim = {
  reference: '900000000001',
  amount: 100,
  paidOn: '2026-01-31',
  verdict: 'verified',
  withinMs: 0,
  totals: false,
};
const GOOD: readonly Reply[] = [
  { status: 202, body: { id: 'a' } },
  { status: 200, body: { id: 'a' }, replayed: true },
  { status: 409, body: { code: 'duplicate_reference', transaction_id: 'a' } },
  { status: 200, body: { id: 'a', status: 'pending' } },
  { status: 200, body: { id: 'a', status: 'verified' } },
];

describe('walking a claim over HTTP', () => {
  let server: Server;
  let replies: Reply[];
  let url: string;
  let submitted: Readonly<Record<string, unknown>>[];

  beforeEach(async () => {
    submitted = [];
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts).toString('utf8');
        if (body !== '') submitted.push(JSON.parse(body) as Readonly<Record<string, unknown>>);
        answer(response);
      });
    }).listen(0, '127.0.0.1');
    const answer = (response: ServerResponse): void => {
      const { status, body, replayed = false } = replies.shift() ?? { status: 500, body: {} };
      response.writeHead(status, { 'idempotency-replayed': String(replayed) });
      response.end(JSON.stringify(body));
    };
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const walked = async (given: readonly Reply[], changes: Partial<WalkedClaim> = {}) => {
    replies = [...given];
    const merchant = { url, apiKey: 'key', receivingAccountId: 'account' };
    const steps: string[] = [];
    const walk = new ClaimWalk(merchant, new SystemClock());
    for await (const step of walk.walk({ ...claim, ...changes }, new AbortController().signal)) {
      steps.push(step);
    }
    return steps;
  };

  it('tells every step that goes well', async () => {
    const steps = await walked(GOOD);
    expect(steps).toHaveLength(4);
    expect(steps.at(-1)).toMatch(/^verified after/);
  });

  it('claims the payment that it is told, and otherwise one of nobody', async () => {
    const payment = { kind: 'transfer', originBank: '0134', phone: '04140000001' };
    await walked(GOOD, { payment });
    expect(submitted[0]).toMatchObject({
      kind: 'transfer',
      origin_bank: '0134',
      payer: { phone: '04140000001' },
    });
    await walked(GOOD);
    expect(submitted.at(-1)).toMatchObject({ kind: 'pago_movil', payer: { phone: '04125555555' } });
  });

  it('waits for no verdict where none is expected', async () => {
    expect(await walked(GOOD.slice(0, 4), { verdict: null })).toHaveLength(3);
  });

  it.each([
    ['a claim that is not taken', 0, { status: 503, body: {} }],
    ['a repeat with another id', 1, { status: 200, body: { id: 'b' }, replayed: true }],
    ['a repeat that is not said to be one', 1, { status: 200, body: { id: 'a' } }],
    ['a duplicate that is taken', 2, { status: 202, body: { id: 'c' } }],
    ['a transaction that cannot be read', 3, { status: 404, body: {} }],
    ['a verdict that does not come', 4, { status: 200, body: { status: 'pending' } }],
  ])('fails on %s', async (_, at, reply) => {
    await expect(walked(GOOD.with(at, reply))).rejects.toBeInstanceOf(WalkFailed);
  });

  it('fails when nobody answers', async () => {
    server.closeAllConnections();
    server.close();
    await expect(walked(GOOD)).rejects.toThrow('POST /api/v1/transactions has no answer');
  });
});
