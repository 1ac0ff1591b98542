import { CommandBus } from '@nestjs/cqrs';
import { sql } from 'kysely';
import { AddReceivingAccount } from '../../src/merchants/add-receiving-account/add-receiving-account.command.js';
import { RegisterMerchant } from '../../src/merchants/register-merchant/register-merchant.command.js';
import { DatabaseConnection } from '../../src/platform/database/database.js';
import { LogReader } from '../../src/platform/event-store/log-reader.js';
import { apiDocument } from '../../src/platform/http/openapi.js';
import { TestApp } from '../support/app.js';
import { DocumentedAnswers, type DescribedApi } from '../support/documented-answers.js';
import {
  RequestMaker,
  seeded,
  type FuzzedDocument,
  type FuzzedRequest,
} from '../support/fuzzed-requests.js';
import { injected } from '../support/injected.js';
import { eventually } from '../support/eventually.js';
import { sendRaw } from '../support/raw-http.js';

// What CI sends; each failure names its seed and turn, which make it come again.
const REQUESTS = 20_000;
const SEED = 20_260_310;
const AT_ONCE = 16;
// Of the refused ones, so many are sent again to see that they leave nothing behind.
const REFUSED_AGAIN = 3_000;
const MANGLED = 400;
// Longer than acts wait for the log and lists for the events.
const STILL_MS = 3_000;
// Where refused requests are counted on purpose, and what is written down of sign-ins that fail.
const COUNTS_CALLERS = new Set(['state.request_count', 'state.sign_in_failure']);
const AUDIT = 'read.audit_entry';
const REFUSED = 'access.refused';
const WRITTEN_DOWN = new Set(['signIn', 'refreshSession']);

// They tell how the stores are: where other things keep the machine busy, "unavailable" may be the truth.
const TELLS_HEALTH = new Set(['getReadiness', 'getHealth', 'getDetailedHealth']);

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
  });

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
  const eventsInTheLog = async (): Promise<string> => {
    let events = 0;
    for await (const { data } of app.app.get(LogReader).readAll(null)) {
      if ((data as { act?: string }).act !== REFUSED) events += 1;
    }
    return String(events);
  };
  /** How many rows every table has, and how many events the log, but for the refusals that are told by the minute. */
  const stored = async (): Promise<Readonly<Record<string, string>>> => {
    const { kysely } = app.app.get(DatabaseConnection);
    const { rows: tables } = await sql<{ name: string }>`
      select table_schema || '.' || table_name as name from information_schema.tables
      where table_schema in ('read', 'state') and table_type = 'BASE TABLE'`.execute(kysely);
    const counts = await Promise.all(
      tables.map(async ({ name }) => {
        const where = name === AUDIT ? sql`where act <> ${REFUSED}` : sql``;
        const { rows } = await sql<{ rows: bigint }>`
          select count(*) as rows from ${sql.table(name)} ${where}`.execute(kysely);
        return [name, String(rows[0]?.rows)] as const;
      }),
    );
    return {
      ...Object.fromEntries(counts.filter(([name]) => !COUNTS_CALLERS.has(name))),
      log: await eventsInTheLog(),
    };
  };
  /** The same, once what was accepted has reached the log and every list. */
  const storedInTheEnd = async (): Promise<Readonly<Record<string, string>>> => {
    let before: Readonly<Record<string, string>> = {};
    await eventually(
      async () => {
        const now = await stored();
        const still = JSON.stringify(now) === JSON.stringify(before);
        before = now;
        return still;
      },
      { withinMs: 60_000, everyMs: STILL_MS },
    );
    return before;
  };

  const send = async (request: FuzzedRequest, key: string) => {
    const { method, url, headers, payload } = request;
    return injected(app.app, {
      method,
      url,
      headers: { authorization: `Bearer ${key}`, ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
  };

  it('never fails, and answers only what the document says', async () => {
    const document = apiDocument(app.app, 'http://127.0.0.1:8000') as unknown as FuzzedDocument &
      DescribedApi;
    const documented = new DocumentedAnswers(document);
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
    const refused: { readonly request: FuzzedRequest; readonly key: string }[] = [];
    let turn = 0;
    const work = async (): Promise<void> => {
      while (turn < REQUESTS && wrong.length < 20) {
        const at = turn;
        turn += 1;
        const request = maker.make(at);
        // Every operation meets every key, also when their numbers have a divisor in common.
        const round = Math.floor(at / maker.count);
        const key = keys[round % keys.length] ?? '';
        const answer = await send(request, key);
        statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
        const { operationId } = request.operation;
        // Not refused: a busy machine may be unready now and ready later.
        if (answer.statusCode === 503 && TELLS_HEALTH.has(operationId)) continue;
        if (answer.statusCode >= 400 && !WRITTEN_DOWN.has(operationId)) {
          refused.push({ request, key });
        }
        const fault = isElsewhere(request)
          ? documented.failureOf(answer)
          : documented.faultOf(operationId, answer);
        if (fault !== null) wrong.push(`turn ${at}: ${request.method} ${request.url}: ${fault}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));

    expect(wrong).toEqual([]);
    expect(turn).toBe(REQUESTS);
    expect(maker.count).toBeGreaterThan(40);
    // A fuzz that is refused at the door everywhere has tried nothing.
    expect([...statuses.keys()]).toEqual(
      expect.arrayContaining([200, 201, 400, 401, 403, 404, 422]),
    );

    expect(refused.length).toBeGreaterThan(REFUSED_AGAIN);
    const before = await storedInTheEnd();
    const accepted: string[] = [];
    for (const { request, key } of refused.slice(-REFUSED_AGAIN)) {
      const { statusCode } = await send(request, key);
      if (statusCode < 400) accepted.push(`${request.method} ${request.url}`);
    }
    expect(accepted).toEqual([]);
    expect(await storedInTheEnd()).toEqual(before);
  }, 900_000);

  it('survives requests with bytes gone wrong on their way', async () => {
    const chance = seeded(SEED);
    const body = '{"email":"nobody@example.com","password":"nothing like it"}';
    const request = Buffer.from(
      `POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAccept: */*\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
    for (let turn = 0; turn < MANGLED; turn += 1) {
      const bytes = Buffer.from(request);
      for (let flips = 0; flips < 1 + (turn % 5); flips += 1) {
        bytes[Math.floor(chance() * bytes.length)] = Math.floor(chance() * 256);
      }
      // Closed at our end, so that a length that grew is not waited for.
      const answer = await sendRaw(app.port, bytes, { close: true }).catch(() => '');
      expect(answer).not.toMatch(/^HTTP\/1\.1 5/);
    }
    expect((await fetch(`${app.url}/livez`)).status).toBe(200);
  });

  it('survives bytes that are no request', async () => {
    for (const bytes of GARBAGE) {
      const answer = await sendRaw(app.port, bytes).catch(() => '');
      expect(answer).not.toMatch(/^HTTP\/1\.1 5/);
    }
    expect((await fetch(`${app.url}/livez`)).status).toBe(200);
  });
});

/** An empty id makes the address another one, which no operation of the document has. */
const isElsewhere = ({ url }: FuzzedRequest): boolean => /\/(?:\/|\?|$)/.test(url);
