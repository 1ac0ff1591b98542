import { CommandBus } from '@nestjs/cqrs';
import { AddReceivingAccount } from '../../src/merchants/add-receiving-account/add-receiving-account.command.js';
import { RegisterMerchant } from '../../src/merchants/register-merchant/register-merchant.command.js';
import { DatabaseConnection } from '../../src/platform/database/database.js';
import { apiDocument } from '../../src/platform/http/openapi.js';
import { TestApp } from '../support/app.js';
import {
  RequestMaker,
  seeded,
  type FuzzedDocument,
  type FuzzedRequest,
} from '../support/fuzzed-requests.js';
import { sendRaw } from '../support/raw-http.js';

// What CI sends; each failure names its seed and turn, which make it come again.
const REQUESTS = 20_000;
const SEED = 20_260_310;
const AT_ONCE = 16;

const GARBAGE = [
  'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
  'GET / HTTP/9.9\r\n\r\n',
  '\r\n\r\n\r\n',
  'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nzz\r\n',
  `GET /${'a'.repeat(40_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
  `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`,
  Buffer.from([0x16, 0x03, 0x01, 0x00, 0xa5, 0x01, 0x00, 0x00]),
  'GET /api/v1/transactions?%ff=%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  'GET /\u0000 HTTP/1.1\r\nHost: x\r\n\r\n',
];

describe('answering requests that nobody would send', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({
      environment: { ROLES: 'api,projector', LOG_LEVEL: 'error', REGISTRATION_OPEN: 'true' },
    });
  }, 60_000);

  afterAll(() => app.stop());

  const aMerchant = async () => {
    const commands = app.app.get(CommandBus);
    const { merchantId } = await commands.execute(
      new RegisterMerchant({
        merchantId: null,
        name: 'a merchant',
        toleranceUnderMinor: 0n,
        toleranceOverMinor: 0n,
        matchDays: 30,
        registeredBy: 'process:test',
      }),
    );
    const { receivingAccountId: accountId } = await commands.execute(
      new AddReceivingAccount({
        receivingAccountId: null,
        merchantId,
        bank: '0134',
        accountNumber: '01340000890000000001',
        credentialId: 'banesco',
        addedBy: 'process:test',
      }),
    );
    return { merchantId, accountId };
  };
  const rowsOf = async () => {
    const { kysely } = app.app.get(DatabaseConnection);
    const merchants = await kysely.selectFrom('state.merchant').select('merchant_id').execute();
    const users = await kysely.selectFrom('state.app_user').select('user_id').execute();
    return { merchants: merchants.length, users: users.length };
  };

  const send = async (request: FuzzedRequest, key: string) => {
    const { method, url, headers, payload } = request;
    return app.app.inject({
      method: method as 'GET',
      url,
      headers: { authorization: `Bearer ${key}`, ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
  };

  it('never fails, and answers only what the document says', async () => {
    const document = apiDocument(app.app, 'http://127.0.0.1:8000') as unknown as FuzzedDocument;
    const { merchantId, accountId } = await aMerchant();
    const keys = [
      await app.issueKey(['admin', 'transactions:read', 'transactions:review', 'finance:read']),
      await app.issueKey(['transactions:write', 'transactions:read'], merchantId),
      'nonsense',
    ];
    const maker = new RequestMaker(document, seeded(SEED), [
      merchantId,
      accountId,
      '11111111-2222-4333-8444-555555555555',
    ]);
    const wrong: string[] = [];
    const statuses = new Map<number, number>();
    const made = new Map<string, number>();
    let turn = 0;
    const work = async (): Promise<void> => {
      while (turn < REQUESTS && wrong.length < 20) {
        const at = turn;
        turn += 1;
        const request = maker.make(at);
        // Every operation meets every key, also when their numbers have a divisor in common.
        const round = Math.floor(at / maker.count);
        const answer = await send(request, keys[round % keys.length] ?? '');
        statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
        if (answer.statusCode === 201) {
          const { operationId } = request.operation;
          made.set(operationId, (made.get(operationId) ?? 0) + 1);
        }
        const fault = faultOf(request, answer);
        if (fault !== null) wrong.push(`turn ${at}: ${request.method} ${request.url}: ${fault}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));

    expect(wrong).toEqual([]);
    expect(turn).toBe(REQUESTS);
    expect(maker.count).toBeGreaterThan(40);
    // What was refused left nothing behind: there are as many rows as requests that were told so.
    const count = (name: string): number => made.get(name) ?? 0;
    expect(await rowsOf()).toEqual({
      merchants: count('registerMerchant') + 1,
      users: count('register') + count('createUser'),
    });
    // A fuzz that is refused at the door everywhere has tried nothing.
    expect([...statuses.keys()]).toEqual(
      expect.arrayContaining([200, 201, 400, 401, 403, 404, 422]),
    );
  }, 600_000);

  it('survives bytes that are no request', async () => {
    for (const bytes of GARBAGE) {
      const answer = await sendRaw(app.port, bytes).catch(() => '');
      expect(answer).not.toMatch(/^HTTP\/1\.1 5/);
    }
    expect((await fetch(`${app.url}/livez`)).status).toBe(200);
  });
});

/** What is wrong with an answer; null: nothing. */
function faultOf(
  { operation }: FuzzedRequest,
  answer: {
    readonly statusCode: number;
    readonly headers: Readonly<Record<string, unknown>>;
    readonly body: string;
  },
): string | null {
  const { statusCode, body } = answer;
  if (statusCode >= 500) return `${statusCode} ${body.slice(0, 300)}`;
  const documented = Object.keys(operation.responses);
  const asRange = `${Math.floor(statusCode / 100)}XX`;
  if (!documented.includes(String(statusCode)) && !documented.includes(asRange)) {
    return `${statusCode} is not documented`;
  }
  if (statusCode < 400) return null;
  const problem = JSON.parse(body) as { code?: unknown; status?: unknown };
  if (!String(answer.headers['content-type']).startsWith('application/problem+json')) {
    return `${statusCode} is no problem document`;
  }
  return typeof problem.code === 'string' && problem.status === statusCode
    ? null
    : `${statusCode} says ${body.slice(0, 200)}`;
}
