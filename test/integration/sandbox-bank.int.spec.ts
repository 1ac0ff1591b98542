import type { SandboxBank } from '../../src/stand-ins/sandbox-bank/sandbox-bank.js';
import {
  ACCOUNT,
  CLIENT_ID,
  CLIENT_SECRET,
  codeOf,
  rowsOf,
  SandboxClient,
  send,
} from '../support/sandbox-client.js';

const PAGO_MOVIL_ROW = {
  account: ACCOUNT,
  amount_minor: 63_000,
  reference: '00683473078',
  on: '2026-07-10',
  payer_phone: '+584120000017',
  payer_bank: '0102',
  concept: 'Banesco Pago Movil',
  spelling: 'tail6',
};
const SAME_BANK_ROW = {
  account: ACCOUNT,
  amount_minor: 124_000,
  reference: '00012345678',
  on: '2026-07-10',
  payer_bank: '0134',
  amount_as: 'string',
};
const OTHER_BANK_ROW = { ...SAME_BANK_ROW, reference: '77700055501', payer_bank: '0105' };

const PAGO_MOVIL = {
  referenceNumber: '473078',
  phoneNum: '584120000017',
  bankId: '0102',
  startDt: '2026-07-10',
  amount: 630,
};
const SAME_BANK = { referenceNumber: '00012345678', accountId: ACCOUNT, bankId: '0134', amount: 1 };
const OTHER_BANK = {
  referenceNumber: '055501',
  accountId: ACCOUNT,
  bankId: '0105',
  startDt: '2026-07-10',
  amount: 1240,
};
const RANGE = { accountId: ACCOUNT, startDt: '2026-07-01', endDt: '2026-07-30' };

let bank: SandboxBank;
let client: SandboxClient;

const startBank = async (
  options: Parameters<typeof SandboxClient.start>[0] = {},
  rows: readonly object[] = [PAGO_MOVIL_ROW, SAME_BANK_ROW, OTHER_BANK_ROW],
): Promise<void> => {
  ({ bank, client } = await SandboxClient.start(options));
  await client.admin('POST', 'movements', rows);
};

afterEach(() => bank.stop());

describe('asking the sandbox bank for a token', () => {
  beforeEach(() => startBank());

  it('gives one for 300 seconds to the client as its own resource owner', async () => {
    const reply = await client.logIn();
    expect(reply.status).toBe(200);
    expect(reply.json).toMatchObject({ expires_in: 300, token_type: 'Bearer' });
  });

  it('knows the client by a Basic header as well, encoded or not', async () => {
    const pairs = [
      `${CLIENT_ID}:${CLIENT_SECRET}`,
      `${encodeURIComponent(CLIENT_ID)}:${encodeURIComponent(CLIENT_SECRET)}`,
    ];
    const replies = await Promise.all(
      pairs.map((pair) =>
        send(bank.tokenUrl, {
          method: 'POST',
          headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
          body: new URLSearchParams({
            grant_type: 'password',
            username: CLIENT_ID,
            password: CLIENT_SECRET,
          }),
        }),
      ),
    );
    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
  });

  it('refuses client_credentials as unauthorized_client', async () => {
    const reply = await client.logIn({ grant_type: 'client_credentials' });
    expect(reply.status).toBe(401);
    expect(reply.json).toEqual({
      error: 'unauthorized_client',
      error_description: 'Client not enabled to retrieve service account',
    });
  });

  it('refuses a wrong client secret and wrong user credentials differently', async () => {
    const wrongClient = await client.logIn({ client_secret: 'nonsense' });
    expect([wrongClient.status, wrongClient.json['error']]).toEqual([401, 'unauthorized_client']);
    const wrongOwner = await client.logIn({ password: 'nonsense' });
    expect([wrongOwner.status, wrongOwner.json['error']]).toEqual([401, 'invalid_grant']);
  });

  it('refuses other grants, a missing grant and a body that is no form', async () => {
    expect((await client.logIn({ grant_type: 'authorization_code' })).json['error']).toBe(
      'unsupported_grant_type',
    );
    const empty = await send(bank.tokenUrl, { method: 'POST', body: new URLSearchParams() });
    expect(empty.json['error']).toBe('invalid_request');
    const json = await send(bank.tokenUrl, { method: 'POST', body: '{}' });
    expect(json.status).toBe(415);
  });

  it('forgets a token after its lifetime by the clock of the bank', async () => {
    await client.logIn();
    expect((await client.ask(PAGO_MOVIL)).status).toBe(200);
    await client.admin('POST', 'clock', { advance_seconds: 301 });
    expect((await client.ask(PAGO_MOVIL)).status).toBe(401);
  });
});

describe('speaking in the flavour of an environment', () => {
  it('answers an empty result on 200 and a bad token on 401 in QA', async () => {
    await startBank({ flavour: 'qa' });
    expect((await client.ask(PAGO_MOVIL)).status).toBe(401);
    await client.logIn();
    const empty = await client.ask({ ...PAGO_MOVIL, referenceNumber: '111111' });
    expect([empty.status, codeOf(empty), empty.json['dataResponse']]).toEqual([200, '70001', null]);
  });

  it('answers an empty result on 400 and a bad token on 403 in production', async () => {
    await startBank({ flavour: 'production' });
    expect((await client.ask(PAGO_MOVIL)).status).toBe(403);
    await client.logIn();
    const empty = await client.ask({ ...PAGO_MOVIL, referenceNumber: '111111' });
    expect([empty.status, codeOf(empty), empty.json['dataResponse']]).toEqual([400, '70001', null]);
  });

  it('knows no path of the other environment', async () => {
    await startBank({ flavour: 'production' });
    expect(bank.tokenUrl).toContain('/realm-api-prd/');
    const reply = await client.ask(
      PAGO_MOVIL,
      `${bank.url}/transactions/financial-account/transactions`,
    );
    expect([reply.status, reply.text]).toEqual([404, 'No Mapping Rule matched']);
  });

  it('writes its status as a number in QA and as a string in production', async () => {
    await startBank({ flavour: 'production' });
    await client.logIn();
    expect((await client.ask(PAGO_MOVIL)).json['httpStatus']).toEqual({
      statusCode: '200',
      statusDesc: 'OK',
    });
  });
});

describe('looking up one movement', () => {
  beforeEach(async () => {
    await startBank();
    await client.logIn();
  });

  it('finds a Pago Móvil by tail, payer phone, bank and date', async () => {
    const reply = await client.ask(PAGO_MOVIL);
    expect(rowsOf(reply)).toEqual([
      expect.objectContaining({
        referenceNumber: '473078',
        amount: 630,
        currencyCode: 'BS ',
        accountId: '5841********0017',
        trnTime: '00.00.00',
        trnType: 'CR',
      }),
    ]);
  });

  it('finds a transfer within the bank by the whole reference and the account', async () => {
    const reply = await client.ask(SAME_BANK);
    expect(rowsOf(reply)).toEqual([
      expect.objectContaining({ referenceNumber: '00012345678', amount: '1240.00' }),
    ]);
  });

  it('finds no transfer within the bank by the tail of its reference', async () => {
    expect(codeOf(await client.ask({ ...SAME_BANK, referenceNumber: '345678' }))).toBe('70001');
  });

  it('finds a transfer from another bank by tail, account, bank and date', async () => {
    expect(rowsOf(await client.ask(OTHER_BANK))).toHaveLength(1);
  });

  it.each([
    ['another bank', { bankId: '0105' }],
    ['another phone', { phoneNum: '584120000018' }],
    ['another day', { startDt: '2026-07-11' }],
    ['another tail', { referenceNumber: '473079' }],
    ['the account of another affiliate', { accountId: '01340001610000000099' }],
  ])('finds no Pago Móvil for %s', async (_, change) => {
    expect(codeOf(await client.ask({ ...PAGO_MOVIL, ...change }))).toBe('70001');
  });

  it('compares no amounts', async () => {
    expect(rowsOf(await client.ask({ ...PAGO_MOVIL, amount: 11_566.72 }))).toHaveLength(1);
  });

  it('answers 400 VDE01 for a missing field and 400 VDE02 for a bad format', async () => {
    const { bankId: _, ...missing } = PAGO_MOVIL;
    const absent = await client.ask(missing);
    expect([absent.status, codeOf(absent)]).toEqual([400, 'VDE01']);
    const bad = await client.ask({ ...PAGO_MOVIL, phoneNum: '04120000017' });
    expect([bad.status, codeOf(bad)]).toEqual([400, 'VDE02']);
  });

  it('answers 400 for a masked account', async () => {
    const reply = await client.ask({ ...OTHER_BANK, accountId: '0134************0017' });
    expect(reply.status).toBe(400);
  });

  it('finds nothing, silently, when a field is one too many', async () => {
    const dated = await client.ask({ ...SAME_BANK, startDt: '2026-07-10' });
    expect([codeOf(dated), dated.text]).toEqual(['70001', expect.not.stringContaining('startDt')]);
    expect(codeOf(await client.ask({ ...OTHER_BANK, phoneNum: '584120000017' }))).toBe('70001');
  });

  it('shows a movement only once it is visible', async () => {
    const late = { ...PAGO_MOVIL_ROW, reference: '00683222222', visible_after_seconds: 60 };
    await client.admin('POST', 'movements', [late]);
    const query = { ...PAGO_MOVIL, referenceNumber: '222222' };
    expect(codeOf(await client.ask(query))).toBe('70001');
    await client.admin('POST', 'clock', { advance_seconds: 61 });
    expect(rowsOf(await client.ask(query))).toHaveLength(1);
  });

  it('shows the commission under the same reference', async () => {
    const twin = { ...PAGO_MOVIL_ROW, direction: 'debit', amount_minor: 189, concept: 'COMISION' };
    await client.admin('POST', 'movements', [twin]);
    const types = rowsOf(await client.ask(PAGO_MOVIL)).map(({ trnType }) => trnType);
    expect(types).toEqual(['CR', 'DB']);
  });
});

describe('listing a range of days', () => {
  it('lists every row of the account, by date', async () => {
    const debit = { ...SAME_BANK_ROW, reference: '1', on: '2026-07-02', direction: 'debit' };
    await startBank({}, [PAGO_MOVIL_ROW, SAME_BANK_ROW, debit]);
    await client.logIn();
    const rows = rowsOf(await client.ask({ ...RANGE, referenceNumber: '', amount: 0 }));
    expect(rows.map(({ trnDate }) => trnDate)).toEqual(['2026-07-02', '2026-07-10', '2026-07-10']);
  });

  it('takes 30 days and no more', async () => {
    await startBank();
    await client.logIn();
    expect((await client.ask(RANGE)).status).toBe(200);
    expect(codeOf(await client.ask({ ...RANGE, endDt: '2026-07-31' }))).toBe('VDE02');
  });

  it('answers 70005 above its ceiling of rows', async () => {
    await startBank({ rules: { listingMaxRows: 2 } });
    await client.logIn();
    expect(codeOf(await client.ask(RANGE))).toBe('70005');
    expect(codeOf(await client.ask({ ...RANGE, endDt: '2026-07-09' }))).toBe('70001');
  });

  it('asks for a reference when listing was not granted', async () => {
    await startBank({ rules: { rangeListing: false } });
    await client.logIn();
    expect(codeOf(await client.ask(RANGE))).toBe('VDE01');
  });
});

describe('keeping the limit', () => {
  it('answers 429 VRN05 from the first call too many, token calls included, and remembers it', async () => {
    await startBank({ limit: { calls: 2 } });
    await client.logIn();
    await client.ask(PAGO_MOVIL);
    const third = await client.ask(PAGO_MOVIL);
    expect([third.status, codeOf(third)]).toEqual([429, 'VRN05']);
    expect(third.headers.get('retry-after')).toBe('60');
    expect(await client.state()).toMatchObject({
      calls: 3,
      token_calls: 1,
      breaches: 1,
      operations: { token: 1, pago_movil: 2 },
    });
  });

  it('spares token calls when they do not count', async () => {
    await startBank({ limit: { calls: 1, countTokenCalls: false } });
    await client.logIn();
    await client.logIn();
    expect((await client.ask(PAGO_MOVIL)).status).toBe(200);
    expect((await client.ask(PAGO_MOVIL)).status).toBe(429);
  });

  it('counts calls that are refused for their token or their path', async () => {
    await startBank({ limit: { calls: 2 } });
    await client.ask(PAGO_MOVIL);
    await client.ask(PAGO_MOVIL, `${bank.url}/nowhere`);
    expect((await client.logIn()).status).toBe(429);
  });

  it('leaves out when to come back when the rule says so', async () => {
    await startBank({ limit: { calls: 1 }, rules: { retryAfterOnLimit: false } });
    await client.logIn();
    expect((await client.logIn()).headers.has('retry-after')).toBe(false);
  });

  it('lets nobody gain room by moving the clock', async () => {
    await startBank({ limit: { calls: 1 } });
    await client.logIn();
    await client.admin('POST', 'clock', { advance_seconds: 3600 });
    expect((await client.logIn()).status).toBe(429);
  });
});

describe('keeping maintenance hours over HTTP', () => {
  it('answers 503 VRN04 within them, to look-ups and token calls alike', async () => {
    await startBank({ rules: { maintenance: { from: '02:00', to: '06:00' } } });
    await client.admin('POST', 'clock', { now: '2026-07-10T06:30:00Z' });
    const reply = await client.logIn();
    expect([reply.status, codeOf(reply)]).toEqual([503, 'VRN04']);
    await client.admin('POST', 'clock', { now: '2026-07-10T10:00:00Z' });
    expect((await client.logIn()).status).toBe(200);
  });
});
