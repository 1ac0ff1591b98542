import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ACCOUNT,
  CLIENT_ID,
  CLIENT_SECRET,
  type Reply,
  rowsOf,
  SandboxClient,
  send,
} from '../support/sandbox-client.js';
import { StandInProcess } from '../support/stand-in-process.js';

const MAIN = 'src/stand-ins/sandbox-bank/sandbox-bank.main.ts';
const ENV = {
  SANDBOX_BANK_CLIENT_ID: CLIENT_ID,
  SANDBOX_BANK_CLIENT_SECRET: CLIENT_SECRET,
  SANDBOX_BANK_BDV_API_KEY: 'made-up key',
};
const ROW = {
  account: ACCOUNT,
  amount_minor: 63_000,
  reference: '00683473078',
  on_days_ago: 1,
  payer_phone: '+584120000017',
  payer_bank: '0102',
};
const RANGE = { accountId: ACCOUNT, startDt: '2026-01-01', endDt: '2026-01-30' };

const VENEZUELAN_ROW = {
  account: '01020001600000000017',
  amount_minor: 63_000,
  reference: '00473078',
  on: '2026-07-10',
  payer_phone: '+584125550131',
  payer_bank: '0134',
};

/** Asks the second bank about that movement as its manual says. */
const askVenezuela = ({ ready }: StandInProcess): Promise<Reply> =>
  send(String(ready['bdv_look_up_url']), {
    method: 'POST',
    headers: { 'x-api-key': ENV.SANDBOX_BANK_BDV_API_KEY, 'content-type': 'application/json' },
    body: JSON.stringify({
      cedulaPagador: '',
      telefonoPagador: '04125550131',
      telefonoDestino: '04125550100',
      referencia: '00473078',
      fechaPago: '2026-07-10',
      importe: '630.00',
      bancoOrigen: '0134',
      reqCed: false,
    }),
  });

describe('running the sandbox bank as a process', () => {
  let directory = '';
  const running: StandInProcess[] = [];

  const start = async (
    ...args: string[]
  ): Promise<{ child: StandInProcess; client: SandboxClient }> => {
    const child = await StandInProcess.start(
      MAIN,
      ['--directory', directory, '--account', ACCOUNT, ...args],
      ENV,
    );
    running.push(child);
    const { url, token_url, transactions_url } = child.ready;
    const client = new SandboxClient({
      url: String(url),
      tokenUrl: String(token_url),
      transactionsUrl: String(transactions_url),
    });
    return { child, client };
  };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'constancia-sandbox-'));
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((child) => child.end()));
    await rm(directory, { recursive: true, force: true });
  });

  it('prints its addresses without its secret, and ends with 0 on SIGTERM', async () => {
    const { child } = await start('--flavour', 'production');
    expect(child.ready).toMatchObject({
      ready: true,
      url: `http://127.0.0.1:${child.ready['port']}`,
      token_url: expect.stringContaining('/realm-api-prd/'),
    });
    expect(JSON.stringify(child.ready)).not.toContain(CLIENT_SECRET);
    expect(await child.end()).toBe(0);
  });

  it('ends with its parent when asked to stop with its input', async () => {
    const { child } = await start('--stop-with-stdin');
    expect(await child.abandon()).toBe(0);
  });

  it('keeps a movement that was added, and its clock, over kill -9', async () => {
    const first = await start('--limit-calls', '0');
    await first.client.admin('POST', 'clock', { now: '2026-01-20T12:00:00Z' });
    await first.client.admin('POST', 'movements', [ROW]);
    await first.child.end('SIGKILL');
    const { client } = await start('--limit-calls', '0');
    await client.logIn();
    expect(rowsOf(await client.ask(RANGE))).toEqual([
      expect.objectContaining({ trnDate: '2026-01-19' }),
    ]);
  });

  it('keeps what the second bank marked over kill -9: nothing is told twice', async () => {
    const accounts = ['--account', '01020001600000000017', '--bdv-limit-calls', '2'];
    const first = await start(...accounts);
    await first.client.admin('POST', 'movements', [VENEZUELAN_ROW]);
    expect((await askVenezuela(first.child)).json).toMatchObject({ code: 1000 });
    await first.child.end('SIGKILL');
    const { child } = await start(...accounts);
    expect((await askVenezuela(child)).text).toContain('ya fue conciliado');
    // The calls of the first run count as well.
    expect((await askVenezuela(child)).status).toBe(429);
  });

  it('has no second bank without a key', async () => {
    const child = await StandInProcess.start(MAIN, [], { ...ENV, SANDBOX_BANK_BDV_API_KEY: '' });
    running.push(child);
    expect(Object.keys(child.ready)).not.toContain('bdv_look_up_url');
    expect((await send(`${child.ready['url']}/getMovement/v2`, { method: 'POST' })).status).toBe(
      404,
    );
  });

  it('loads a file of movements once, however often it starts with it', async () => {
    const file = join(directory, 'movements.jsonl');
    await writeFile(file, `${JSON.stringify(ROW)}\n${JSON.stringify(ROW)}\n`);
    const first = await start('--movements', file);
    expect(first.child.ready['movements_loaded']).toBe(2);
    const before = await first.client.state();
    await first.child.end();
    const second = await start('--movements', file);
    expect(second.child.ready['movements_loaded']).toBe(0);
    const { movements, anchor_on: anchor } = await second.client.state();
    expect([movements, anchor]).toEqual([2, before['anchor_on']]);
  });

  it('gives nobody a fresh window by starting again', async () => {
    const first = await start('--limit-calls', '2');
    await first.client.logIn();
    await first.client.logIn();
    await first.child.end('SIGKILL');
    const { client } = await start('--limit-calls', '2');
    expect((await client.logIn()).status).toBe(429);
    expect(await client.state()).toMatchObject({ calls: 3, token_calls: 3, breaches: 1 });
  });

  it('forgets everything on a reset', async () => {
    const { client } = await start('--limit-calls', '1');
    await client.logIn();
    await client.admin('POST', 'movements', [ROW]);
    await client.admin('POST', 'reset');
    expect(await client.state()).toMatchObject({ calls: 0, movements: 0 });
    expect((await client.logIn()).status).toBe(200);
  });

  it('closes the admin API to whoever does not send its header', async () => {
    const { child } = await start();
    const reply = await send(`${String(child.ready['url'])}/admin/state`, { method: 'GET' });
    expect(reply.status).toBe(403);
  });

  it('says what is wrong with an admin call', async () => {
    const { client } = await start();
    const bad = await client.admin('POST', 'movements', [{ ...ROW, account: '0134' }]);
    expect([bad.status, bad.text]).toEqual([400, expect.stringContaining('account')]);
    const unknown = await client.admin('POST', 'movements', [{ ...ROW, scenario: 'nonsense' }]);
    expect([unknown.status, unknown.text]).toEqual([400, expect.stringContaining('nonsense')]);
    expect((await client.admin('GET', 'nowhere')).status).toBe(404);
    expect((await client.admin('POST', 'clock', { now: 'soon' })).status).toBe(400);
  });

  it('lists its calls and its scenarios', async () => {
    const { client } = await start();
    await client.logIn();
    const { json } = await client.admin('GET', 'calls');
    expect(json['calls']).toEqual([
      expect.objectContaining({ operation: 'token', status: 200, breach: false }),
    ]);
    const { json: catalogue } = await client.admin('GET', 'scenarios');
    expect(catalogue['scenarios']).toContainEqual(expect.objectContaining({ name: 'two-alike' }));
  });

  it.each([
    [['--flavour', 'home'], '--flavour takes qa or production'],
    [['--limit-calls', 'few'], '--limit-calls takes a whole number'],
    [['--maintenance', 'night'], '--maintenance takes HH:MM-HH:MM'],
    [['--movements', '/nowhere/at/all'], 'ENOENT'],
  ])('refuses %j', async (args, complaint) => {
    await expect(start(...args)).rejects.toThrow(complaint);
  });

  it('refuses to start without credentials', async () => {
    await expect(StandInProcess.start(MAIN, [], { SANDBOX_BANK_CLIENT_ID: '' })).rejects.toThrow(
      'SANDBOX_BANK_CLIENT_ID must be set in the environment',
    );
  });
});
