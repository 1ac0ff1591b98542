import {
  Body,
  Controller,
  Get,
  HttpCode,
  Logger,
  Module,
  Param,
  Post,
  Query,
} from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { Caller, type CallerIdentity } from '../../src/access/caller.decorator.js';
import { Requires } from '../../src/access/requires.decorator.js';
import { reject, RuleViolation } from '../../src/kernel/rejection.js';
import type { CommandContext } from '../../src/platform/event-store/command-runner.js';
import {
  EventStoreUnavailable,
  StreamConflict,
} from '../../src/platform/event-store/event-store.js';
import { PLATFORM_PROBLEMS } from '../../src/platform/http/problem-codes.js';
import { NoIdempotencyKey } from '../../src/platform/http/idempotency/key-use.decorator.js';
import { RequestContext } from '../../src/platform/http/request-context.decorator.js';
import { TestApp } from '../support/app.js';
import { parseRaw, sendRaw } from '../support/raw-http.js';

const claim = z.strictObject({
  amount: z.int().positive(),
  payer: z.strictObject({ phone: z.string().max(20).optional() }),
});
const page = z.strictObject({ limit: z.coerce.number().int().max(100).optional() });

const FAILURES: Readonly<Record<string, () => Error>> = {
  ours: () => new TypeError('canary: x is undefined'),
  log: () => new EventStoreUnavailable('canary: connection lost'),
  busy: () => new StreamConflict('transaction-1'),
  rule: () => new RuleViolation(reject('unknown_merchant', { merchantId: 'm-9' })),
  unworded: () => new RuleViolation(reject('a_code_without_words')),
};

@Controller('manners')
class MannersController {
  private readonly logger = new Logger('Manners');

  @Post('claims')
  @NoIdempotencyKey()
  @HttpCode(202)
  @Requires('transactions:write')
  async submit(
    @Body({ schema: claim }) body: z.infer<typeof claim>,
    @RequestContext() context: CommandContext,
    @Caller() caller: CallerIdentity,
  ) {
    await nextTurn();
    this.logger.log('taken in a later turn');
    return { body, context, merchant: caller.merchantId };
  }

  @Get('claims')
  @Requires('transactions:read')
  list(@Query({ schema: page }) query: z.infer<typeof page>) {
    return query;
  }

  @Get('claims/:id')
  @Requires('transactions:read')
  one(@Param('id', { schema: z.uuid() }) id: string) {
    return { id };
  }

  @Get('failures/:kind')
  @Requires('transactions:read')
  fail(@Param('kind') kind: string) {
    throw FAILURES[kind]?.() ?? new Error('unknown kind');
  }

  @Get('undeclared')
  undeclared() {
    return 'nobody may read this';
  }
}

@Module({ controllers: [MannersController] })
class MannersModule {}

const GOOD = { amount: 100, payer: {} };

let app: TestApp;
let key: string;

beforeAll(async () => {
  app = await TestApp.start({ modules: [MannersModule] });
  key = await app.issueKey(['transactions:write', 'transactions:read']);
});

afterAll(() => app.stop());

interface Request {
  readonly method?: string;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

const request = (path: string, init: Request = {}) =>
  fetch(`${app.url}/api/v1/manners/${path}`, {
    ...init,
    headers: { authorization: `Bearer ${key}`, ...init.headers },
  });

const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
  request('claims', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });

/** The problem in an answer, once it is sure that it is one. */
async function problemOf(answer: Response) {
  const body = (await answer.json()) as Record<string, unknown>;
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({
    type: `http://127.0.0.1:8000/problems/${String(body['code'])}`,
    status: answer.status,
    request_id: answer.headers.get('x-request-id'),
  });
  return body;
}

describe('answering good requests', () => {
  it('passes the body, the caller and the context on', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const answer = await post(JSON.stringify(GOOD), { 'x-request-id': 'order-42', traceparent });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('x-request-id')).toBe('order-42');
    expect(await answer.json()).toEqual({
      body: GOOD,
      merchant: null,
      context: {
        actor: expect.stringMatching(/^api_key:/),
        requestId: 'order-42',
        correlationId: 'order-42',
        causationId: 'order-42',
        traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      },
    });
  });

  it('makes an id for a request whose own is not sane', async () => {
    const answer = await request('claims', { headers: { 'x-request-id': 'a b"c' } });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('answering bad bodies', () => {
  it.each([
    ['no JSON', '{"amount":'],
    ['nothing', ''],
    ['a key that reaches for prototypes', '{"__proto__":{"admin":true}}'],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22])],
  ])('refuses %s', async (_, body) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(await problemOf(answer)).toMatchObject({ code: 'malformed_json', retryable: false });
  });

  it('names every wrong, missing and unknown field', async () => {
    const answer = await post('{"payer":{"phone":1,"colour":"red"},"extra":true}');
    expect(answer.status).toBe(422);
    expect((await problemOf(answer))['errors']).toEqual([
      { in: 'body', pointer: '/amount', reason: 'is required' },
      { in: 'body', pointer: '/payer/phone', reason: expect.any(String) },
      { in: 'body', pointer: '/payer/colour', reason: 'is not a known field' },
      { in: 'body', pointer: '/extra', reason: 'is not a known field' },
    ]);
  });

  it.each(['null', '[]', '"text"', '7', '[[[[[[[[[[', '{"amount":1e400,"payer":{}}'])(
    'refuses %s without failing',
    async (body) => {
      const answer = await post(body);
      expect([400, 422]).toContain(answer.status);
      await problemOf(answer);
    },
  );

  it('refuses JSON nested deeper than any claim', async () => {
    const answer = await post('['.repeat(30_000) + ']'.repeat(30_000));
    expect(answer.status).toBe(422);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'x',
    '',
    'application/xml',
  ])('understands JSON only, not %j', async (type) => {
    const answer = await post('amount=100', { 'content-type': type });
    expect(answer.status).toBe(415);
    expect(await problemOf(answer)).toMatchObject({ code: 'unsupported_media_type' });
  });

  it.each([
    [64 * 1024, 422],
    [64 * 1024 + 1, 413],
  ])('answers a body of %d bytes with %d', async (bytes, status) => {
    const answer = await post(`{"a":"${'x'.repeat(bytes - 8)}"}`);
    expect(answer.status).toBe(status);
    await problemOf(answer);
  });
});

describe('answering bad addresses', () => {
  it('says where a query parameter is wrong', async () => {
    const answer = await request('claims?limit=101&offset=3');
    expect(answer.status).toBe(422);
    expect((await problemOf(answer))['errors']).toEqual([
      { in: 'query', pointer: '/limit', reason: expect.stringContaining('100') },
      { in: 'query', pointer: '/offset', reason: 'is not a known field' },
    ]);
  });

  it('says where a part of the path is wrong', async () => {
    const answer = await request('claims/17');
    expect(answer.status).toBe(422);
    expect((await problemOf(answer))['errors']).toEqual([
      { in: 'path', pointer: '/id', reason: 'Invalid UUID' },
    ]);
  });

  it('knows no operation where nothing is', async () => {
    const answer = await request('nowhere');
    expect(answer.status).toBe(404);
    expect(await problemOf(answer)).toMatchObject({ code: 'route_not_found' });
  });

  it.each([
    ['DELETE', 'claims'],
    ['PATCH', 'claims/1'],
  ])('says which methods are there instead of %s %s', async (method, path) => {
    const answer = await request(path, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toMatch(/GET|POST/);
    expect(await problemOf(answer)).toMatchObject({ code: 'method_not_allowed' });
  });

  it('does not send a request back to whoever traces it', async () => {
    const head = 'TRACE /livez HTTP/1.1\r\nhost: x\r\nauthorization: Bearer made-up-key\r\n';
    const answer = await sendRaw(app.port, `${head}connection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 40[45] /);
    expect(answer).not.toContain('made-up-key');
  });

  it.each([
    ['claims/%', 400, 'malformed_url'],
    ['claims/%FF%FE', 400, 'malformed_url'],
    [`claims/${'7'.repeat(500)}`, 414, 'uri_too_long'],
  ])('refuses the address %s', async (path, status, code) => {
    const answer = await request(path);
    expect(answer.status).toBe(status);
    expect(await problemOf(answer)).toMatchObject({ code });
  });
});

describe('letting callers in', () => {
  const anonymous = (path: string, authorization?: string) =>
    fetch(`${app.url}/api/v1/manners/${path}`, {
      headers: authorization === undefined ? {} : { authorization },
    });

  it('asks a caller without a key for one', async () => {
    const answer = await anonymous('claims');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="constancia"');
    expect(await problemOf(answer)).toMatchObject({ code: 'not_authenticated' });
  });

  it('does not know a key that was never issued', async () => {
    const answer = await anonymous('claims', `Bearer ck_live_aaaaaaaa_${'a'.repeat(32)}`);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
  });

  it('refuses what the key does not permit', async () => {
    const reader = await app.issueKey(['transactions:read']);
    const answer = await request('claims', {
      method: 'POST',
      body: JSON.stringify(GOOD),
      headers: { authorization: `Bearer ${reader}`, 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(403);
    expect(await problemOf(answer)).toMatchObject({ code: 'not_permitted' });
  });

  it('closes a route that does not say what it asks for', async () => {
    expect((await request('undeclared')).status).toBe(403);
    expect((await anonymous('undeclared')).status).toBe(401);
  });

  it('asks for a key before it looks at the body', async () => {
    const answer = await fetch(`${app.url}/api/v1/manners/claims`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(401);
  });
});

describe('answering failures', () => {
  it('tells nothing of a mistake of ours but the request id', async () => {
    const answer = await request('failures/ours', { headers: { 'x-request-id': 'look-me-up' } });
    expect(answer.status).toBe(500);
    const problem = await problemOf(answer);
    expect(problem).toMatchObject({ code: 'internal_error', request_id: 'look-me-up' });
    expect(JSON.stringify(problem)).not.toMatch(/canary|\.ts|at /);
    const line = app.lines.find((each) => each.includes('look-me-up') && each.includes('canary'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({ level: 'error', err: { type: 'TypeError' } });
  });

  it.each([
    ['log', 503, 'event_store_unavailable'],
    ['busy', 409, 'concurrent_change'],
  ])('says when to try again: %s', async (kind, status, code) => {
    const answer = await request(`failures/${kind}`);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await problemOf(answer)).toMatchObject({ code, retryable: true });
  });

  it('answers a refusal with the words of its context and its facts', async () => {
    const answer = await request('failures/rule');
    expect(answer.status).toBe(422);
    expect(await problemOf(answer)).toMatchObject({
      code: 'unknown_merchant',
      merchant_id: 'm-9',
      errors: [{ in: 'body', pointer: '/merchant_id', reason: expect.any(String) }],
    });
  });

  it('takes a refusal that nobody worded for a mistake of ours', async () => {
    expect(await problemOf(await request('failures/unworded'))).toMatchObject({
      code: 'internal_error',
    });
  });
});

describe('answering what is hardly HTTP', () => {
  it.each([
    ['garbage', '\x16\x03\x01\x02\x00garbage\r\n\r\n', 400, 'malformed_request'],
    [
      'a header without a name',
      'GET /livez HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n',
      400,
      'malformed_request',
    ],
    [
      'headers beyond 16 KiB',
      `GET /livez HTTP/1.1\r\nHost: x\r\nX-Much: ${'y'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
    [
      'two lengths that differ',
      'POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
      'malformed_request',
    ],
  ])('refuses %s with a problem', async (_, bytes, status, code) => {
    const answer = parseRaw(await sendRaw(app.port, bytes));
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatch(/content-type: application\/problem\+json/i);
    expect(answer.headers).toMatch(/connection: close/i);
    expect(answer.body).toMatchObject({ code, status, request_id: expect.any(String) });
  });

  it('survives a caller that hangs up in the middle', async () => {
    await sendRaw(
      app.port,
      'POST /api/v1/manners/claims HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{',
    );
    expect((await fetch(`${app.url}/livez`)).status).toBe(200);
  });
});

describe('watching', () => {
  it('counts by the pattern of the route, never by what callers put in', async () => {
    await request('claims/8f2bd9e2-6d5a-5c0e-9a54-0d4f6f1c7a11');
    await request('canary-path');
    const metrics = await (await fetch(`${app.url}/metrics`)).text();
    expect(metrics).toContain('route="/api/v1/manners/claims/:id",status="200"} 1');
    expect(metrics).toMatch(/method="GET",route="unmatched",status="404"} \d/);
    expect(metrics).toMatch(/method="unmatched",route="unmatched",status="431"} 1/);
    expect(metrics).not.toMatch(/canary|8f2bd9e2/);
  });

  it('writes one line per request, with its id and without its query', async () => {
    await request('claims?limit=7', { headers: { 'x-request-id': 'one-line' } });
    const lines = app.lines.filter((line) => line.includes('one-line'));
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({
        level: 'info',
        msg: 'answered',
        request_id: 'one-line',
        method: 'GET',
        route: '/api/v1/manners/claims',
        status: 200,
        duration_ms: expect.any(Number),
      }),
    ]);
    expect(lines.join('')).not.toContain('limit');
  });

  it('names the request in every line logged on its behalf', async () => {
    await Promise.all(
      ['first', 'second', 'third'].map((id) =>
        post(JSON.stringify(GOOD), { 'x-request-id': `behalf-${id}` }),
      ),
    );
    const ids = app.lines
      .filter((line) => line.includes('taken in a later turn') && line.includes('behalf'))
      .map((line) => (JSON.parse(line) as { request_id: string }).request_id);
    expect(ids.sort()).toEqual(['behalf-first', 'behalf-second', 'behalf-third']);
  });

  it('names the trace of a request that belongs to one in every line', async () => {
    const trace_id = '4bf92f3577b34da6a3ce929d0e0e4736';
    const traceparent = `00-${trace_id}-00f067aa0ba902b7-01`;
    await post(JSON.stringify(GOOD), { 'x-request-id': 'traced', traceparent });
    const lines = app.lines.filter((line) => line.includes('"traced"'));
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ msg: 'taken in a later turn', trace_id }),
      expect.objectContaining({ msg: 'answered', trace_id }),
    ]);
  });

  it('never logs a key', () => {
    expect(app.lines.join('')).not.toContain('ck_live');
  });

  it('has a page for every problem', async () => {
    const list = await (await fetch(`${app.url}/problems`)).text();
    for (const code of Object.keys(PLATFORM_PROBLEMS)) {
      expect(list).toContain(`/problems/${code}"`);
      const page = await fetch(`${app.url}/problems/${code}`);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain(code);
    }
    expect((await fetch(`${app.url}/problems/no_such_code`)).status).toBe(404);
  });
});
