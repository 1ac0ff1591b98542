import type { SandboxBank } from '../../src/stand-ins/sandbox-bank/sandbox-bank.js';
import { SCENARIOS } from '../../src/stand-ins/sandbox-bank/scenarios.js';
import { ACCOUNT, codeOf, type Reply, rowsOf, SandboxClient } from '../support/sandbox-client.js';

const LATE_MS = 2_000;
const SLOW_MS = 150;

let bank: SandboxBank;
let client: SandboxClient;

beforeEach(async () => {
  ({ bank, client } = await SandboxClient.start({
    rules: { magicReferences: true, lateCreditMs: LATE_MS, slowAnswerMs: SLOW_MS },
  }));
  await client.logIn();
});

afterEach(() => bank.stop());

const query = (name: string): Record<string, string | number> => {
  const number = SCENARIOS.find((scenario) => scenario.name === name)?.number ?? -1;
  return {
    referenceNumber: `99${String(number).padStart(2, '0')}42`,
    phoneNum: '584120000017',
    bankId: '0102',
    startDt: '2026-07-10',
    amount: 630,
  };
};

const ask = (name: string): Promise<Reply> => client.ask(query(name));

/** What the first and the second ask about a magic reference look like. */
const told = (reply: Reply): string => {
  const rows = rowsOf(reply).map((row) => `${String(row['trnType'])} ${String(row['amount'])}`);
  return rows.length > 0 ? rows.join(', ') : codeOf(reply);
};

describe('bringing about what the books show by a reference', () => {
  it.each([
    ['plain', 'CR 630', 'CR 630'],
    ['late-credit', '70001', '70001'],
    ['never-visible', '70001', '70001'],
    ['amount-one-cent-less', 'CR 629.99', 'CR 629.99'],
    ['amount-one-cent-more', 'CR 630.01', 'CR 630.01'],
    ['amount-quite-different', 'CR 257.05', 'CR 257.05'],
    ['commission-twin-debit', 'CR 630, DB 1.89', 'CR 630, DB 1.89'],
    ['commission-twin-credit', 'CR 1.89, CR 630', 'CR 1.89, CR 630'],
    ['two-alike', 'CR 630, CR 630', 'CR 630, CR 630'],
    ['duplicate-rows', 'CR 630, CR 630', 'CR 630, CR 630'],
    ['debit-only', 'DB 630', 'DB 630'],
    ['contradiction', 'CR 631', 'CR 630'],
    ['vanishing', 'CR 630', '70001'],
    ['reversal', 'CR 630', 'CR 630, DB 630'],
    ['amount-as-string', 'CR 630.00', 'CR 630.00'],
    ['amount-with-comma', 'CR 630,00', 'CR 630,00'],
    ['missing-fields', 'undefined undefined', 'undefined undefined'],
  ])('%s: first %s, then %s', async (name, first, second) => {
    expect(told(await ask(name))).toBe(first);
    expect(told(await ask(name))).toBe(second);
  });

  it.each([
    ['zero-stripped', { referenceNumber: '990642' }],
    ['short-tail', { referenceNumber: '990742' }],
    ['reference-as-number', { referenceNumber: 990842 }],
    ['masked-reference', { referenceNumber: '**0942' }],
    ['next-day', { trnDate: '2026-07-11' }],
    ['other-currency', { currencyCode: 'USD' }],
    ['other-payer', { accountId: '5842********9999' }],
  ])('%s: a row with %j', async (name, part) => {
    expect(rowsOf(await ask(name))).toEqual([expect.objectContaining(part)]);
  });

  it('late-credit: shows once its delay has passed', async () => {
    await ask('late-credit');
    await client.admin('POST', 'clock', { advance_seconds: LATE_MS / 1000 });
    expect(told(await ask('late-credit'))).toBe('CR 630');
  });

  it('two-alike: the rows differ only before the tail', async () => {
    const references = rowsOf(await ask('two-alike')).map((row) => row['referenceNumber']);
    expect(references).toEqual(['10001991242', '20002991242']);
  });

  it('shows a conjured movement in the listing too', async () => {
    await ask('amount-one-cent-less');
    const range = { accountId: ACCOUNT, startDt: '2026-07-10', endDt: '2026-07-10' };
    expect(told(await client.ask(range))).toBe('CR 629.99');
  });

  it('leaves references alone unless the rule is on', async () => {
    await bank.stop();
    ({ bank, client } = await SandboxClient.start());
    await client.logIn();
    expect(codeOf(await ask('plain'))).toBe('70001');
  });
});

describe('spoiling an answer by a reference', () => {
  it.each([
    ['rate-limited', 429, 'VRN05'],
    ['rate-limited-until-date', 429, 'VRN05'],
    ['rate-limited-silent', 429, 'VRN05'],
    ['maintenance', 503, 'VRN04'],
    ['maintenance-crt503', 503, 'CRT503'],
    ['dependency-failed', 424, 'VRN06'],
    ['unknown-code', 200, '70099'],
    ['foreign-success-code', 200, '00'],
    ['not-found-on-400', 400, '70001'],
  ])('%s: once %i %s, then the credit', async (name, status, code) => {
    const first = await ask(name);
    expect([first.status, codeOf(first)]).toEqual([status, code]);
    expect(told(await ask(name))).toBe('CR 630');
  });

  it.each([
    ['unavailable', 503],
    ['internal-error', 500],
    ['gateway-timeout', 504],
    ['no-content', 204],
    ['conflict', 409],
    ['unprocessable', 422],
    ['empty-body', 200],
  ])('%s: once %i without a body, then the credit', async (name, status) => {
    const first = await ask(name);
    expect([first.status, first.text]).toEqual([status, '']);
    expect(told(await ask(name))).toBe('CR 630');
  });

  it('tells when to come back in seconds, as a date, or not at all', async () => {
    const header = async (name: string): Promise<string | null> =>
      (await ask(name)).headers.get('retry-after');
    expect(await header('rate-limited')).toBe('2');
    expect(await header('rate-limited-until-date')).toMatch(/^\w{3}, \d{2} \w{3} \d{4} .+ GMT$/);
    expect(await header('rate-limited-silent')).toBeNull();
  });

  it('rows-on-500: the credit, on a status that says otherwise', async () => {
    const reply = await ask('rows-on-500');
    expect([reply.status, told(reply)]).toEqual([500, 'CR 630']);
  });

  it('empty-list: 200 with no row', async () => {
    const reply = await ask('empty-list');
    expect([reply.status, codeOf(reply), rowsOf(reply)]).toEqual([200, '200', []]);
  });

  it('single-object: a row where a list is promised', async () => {
    const reply = await ask('single-object');
    expect(rowsOf(reply)).toMatchObject({ trnType: 'CR', amount: 630 });
  });

  it('token-expired-mid-flight: refused until the token is renewed', async () => {
    expect((await ask('token-expired-mid-flight')).status).toBe(401);
    expect((await ask('token-expired-mid-flight')).status).toBe(401);
    await client.logIn();
    expect(told(await ask('token-expired-mid-flight'))).toBe('CR 630');
  });

  it('token-refused: refused with a fresh token as well', async () => {
    expect((await ask('token-refused')).status).toBe(401);
    await client.logIn();
    expect((await ask('token-refused')).status).toBe(401);
  });

  it('credentials-rejected: VRN01 at every ask', async () => {
    expect(codeOf(await ask('credentials-rejected'))).toBe('VRN01');
    expect(codeOf(await ask('credentials-rejected'))).toBe('VRN01');
  });

  it.each(['reset-after-send', 'half-answer'])(
    '%s: no whole answer, then the credit',
    async (name) => {
      await expect(ask(name)).rejects.toThrow();
      expect(told(await ask(name))).toBe('CR 630');
      expect(await client.state()).toMatchObject({ operations: { pago_movil: 2 } });
    },
  );

  it('slow-answer: the credit, later', async () => {
    const before = performance.now();
    expect(told(await ask('slow-answer'))).toBe('CR 630');
    expect(performance.now() - before).toBeGreaterThanOrEqual(SLOW_MS - 5);
  });

  it('trickle: the head of the answer at once, its end much later', async () => {
    const response = await fetch(bank.transactionsUrl, {
      method: 'POST',
      headers: { authorization: `Bearer ${String((await client.logIn()).json['access_token'])}` },
      body: JSON.stringify({
        dataRequest: {
          device: { type: 'Server', description: 'spec', ipAddress: '127.0.0.1' },
          transaction: query('trickle'),
        },
      }),
    });
    const reader = response.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    expect(value?.length).toBe(1);
    await reader?.cancel();
  });

  it('html and wrong-content-type: a body that is not what it calls itself', async () => {
    const html = await ask('html');
    expect([html.status, html.text]).toEqual([200, expect.stringContaining('<html>')]);
    const text = await ask('wrong-content-type');
    expect([text.headers.get('content-type'), told(text)]).toEqual(['text/plain', 'CR 630']);
  });

  it('malformed-json: a body that stops half-way', async () => {
    const reply = await ask('malformed-json');
    expect(reply.text).toContain('transactionDetail');
    expect(reply.json).toEqual({});
  });

  it('huge-body: 32 MB', async () => {
    expect((await ask('huge-body')).text.length).toBeGreaterThan(32 * 1024 * 1024);
  });
});

describe('ordering faults by an admin call', () => {
  it('spoils as many calls as ordered, of the operation named', async () => {
    await client.admin('POST', 'faults', { scenario: 'unavailable', calls: 2, operation: 'range' });
    const range = { accountId: ACCOUNT, startDt: '2026-07-10', endDt: '2026-07-10' };
    expect((await ask('plain')).status).toBe(200);
    const statuses = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await client.ask(range)).status);
    expect(statuses).toEqual([503, 503, 200]);
  });

  it('spoils no token call unless told so', async () => {
    await client.admin('POST', 'faults', { scenario: 'unavailable' });
    expect((await client.logIn()).status).toBe(200);
    await client.admin('POST', 'faults', { scenario: 'html', operation: 'token' });
    expect((await client.logIn()).text).toContain('<html>');
  });

  it('changes the rows of the next look-up', async () => {
    await client.admin('POST', 'faults', { scenario: 'amount-one-cent-more' });
    expect(told(await ask('plain'))).toBe('CR 630.01');
    expect(told(await ask('plain'))).toBe('CR 630');
  });

  it.each([
    ['token-client-refused', { error: 'unauthorized_client' }],
    ['token-short-lived', { expires_in: 1 }],
    ['token-echoes-secret', { error: 'invalid_request' }],
  ])('%s: spoils the next token call', async (scenario, part) => {
    await client.admin('POST', 'faults', { scenario });
    expect((await client.logIn()).json).toMatchObject(part);
    expect((await client.logIn()).json).toMatchObject({ expires_in: 300 });
  });

  it('token-without-lifetime: leaves out how long it lives', async () => {
    await client.admin('POST', 'faults', { scenario: 'token-without-lifetime' });
    const { json } = await client.logIn();
    expect(Object.keys(json)).not.toContain('expires_in');
    expect(told(await ask('plain'))).toBe('CR 630');
  });

  it('refuses an unknown scenario, and one that does not fit the operation', async () => {
    const order = async (body: object): Promise<number> =>
      (await client.admin('POST', 'faults', body)).status;
    expect(await order({ scenario: 'nonsense' })).toBe(400);
    expect(await order({ scenario: 'two-alike', operation: 'token' })).toBe(400);
    expect(await order({ scenario: 'token-short-lived', operation: 'range' })).toBe(400);
    expect((await client.state())['faults']).toEqual([]);
  });

  it('forgets its orders when told so', async () => {
    await client.admin('POST', 'faults', { scenario: 'unavailable', calls: 5 });
    await client.admin('DELETE', 'faults');
    expect(told(await ask('plain'))).toBe('CR 630');
  });
});
