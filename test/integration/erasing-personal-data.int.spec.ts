import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { eventually } from '../support/eventually.js';
import { TransactionsApi, type Answer } from '../support/transactions-api.js';

const ROOT = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

// Nowhere else in any file of the stores, and nothing that a mask may show.
const PAYER = {
  phone: '+584249517353',
  document: 'V86420975',
  name: 'Zoraida Quijote Wunderlich',
};
const CONCEPT = 'vestido de quinceañera';
const NOTE = 'mesa nupcial';
const TOLD = ['4249517353', '86420975', 'Zoraida', 'Quijote', 'Wunderlich', CONCEPT, NOTE];

let api: TransactionsApi;
let key: string;
let admin: string;
let accountId: string;
let state: Client;
let references = 500_000_000;

beforeAll(async () => {
  api = await TransactionsApi.start();
  const merchant = await api.aMerchant();
  accountId = merchant.accountId;
  key = await api.aKey(merchant.merchantId, ['transactions:write', 'transactions:read']);
  admin = await api.aKey(null, ['admin', 'transactions:read']);
  state = new Client({ connectionString: api.databaseUrl });
  await state.connect();
});

afterAll(async () => {
  await state.end();
  await api.stop();
});

const submit = (): Promise<Answer> => {
  references += 1;
  const body = {
    external_id: 'order-1',
    kind: 'pago_movil',
    receiving_account_id: accountId,
    origin_bank: '0102',
    reference: String(references),
    amount: 12_050,
    currency: 'VES',
    paid_on: '2026-01-05',
    payer: PAYER,
    concept: CONCEPT,
    metadata: { occasion: NOTE },
  };
  return api.post('transactions', { key, body });
};

const withdrawn = async (): Promise<string> => {
  const id = String((await submit()).body['id']);
  await api.post(`transactions/${id}/cancel`, { key, headers: { 'idempotency-key': 'c' } });
  return id;
};

const erase = (id: string, over: { readonly key?: string } = {}): Promise<Answer> =>
  api.post(`transactions/${id}/erase-personal-data`, {
    key: over.key ?? admin,
    headers: { 'idempotency-key': 'e' },
    body: { reason: 'the payer asked for it' },
  });

const foundByPhone = async (token: unknown): Promise<string[]> => {
  const { body } = await api.get('transactions?limit=100', {
    key,
    headers: { 'payer-phone': PAYER.phone, 'position-token': String(token) },
  });
  return (body['data'] as { id: string }[]).map(({ id }) => id);
};

const keysOf = async (): Promise<{ kept: number; erased: number }> => {
  const { rows } = await state.query<{ kept: number; erased: number }>(
    `select count(wrapped_key)::int as kept, count(erased_at)::int as erased from state.data_key`,
  );
  return rows[0] ?? { kept: 0, erased: 0 };
};

/** Every file below a folder that holds one of the texts, in UTF-8. */
async function filesWith(folder: string, texts: readonly string[]): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    // Postgres removes files while we look.
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    for (const text of texts) if (bytes.includes(text)) found.push(`${text} in ${path}`);
  }
  return found;
}

/** Every row that holds one of the texts, where the files are another machine's. */
async function rowsWith(texts: readonly string[]): Promise<string[]> {
  const { rows: tables } = await state.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname in ('read', 'state')`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await state.query<{ text: string }>(`select t::text as text from ${name} t`);
    for (const text of texts) if (rows.some((row) => row.text.includes(text))) found.push(name);
  }
  return found;
}

const cli = (...args: string[]) =>
  run(
    process.execPath,
    [
      '--import',
      join(ROOT, 'test/support/run-typescript.mjs'),
      join(ROOT, 'src/cli/main.ts'),
      ...args,
    ],
    { cwd: ROOT, env: { PATH: process.env['PATH'], ...api.environment } },
  );

describe('erasing what a payer told', () => {
  it('leaves the masks and nothing else, to everybody', async () => {
    const id = await withdrawn();
    const erased = await erase(id);
    const { body } = await api.get(`transactions/${id}`, { key });

    expect(erased).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    expect(body).toMatchObject({
      payer: { phone: '*******53', document: '*******75', name: 'Z*******' },
      concept: null,
      metadata: null,
    });
    expect(await foundByPhone(erased.headers['position-token'])).not.toContain(id);
  });

  it('leaves the masks in the list, in its row and in what the command line prints', async () => {
    const id = await withdrawn();
    const erased = await erase(id);
    const { body } = await api.get('transactions?limit=100', {
      key,
      headers: { 'position-token': String(erased.headers['position-token']) },
    });
    const listed = (body['data'] as { id: string }[]).find((each) => each.id === id);
    const { rows } = await state.query<{ row: string }>(
      'select to_jsonb(t)::text as row from read.transaction_view t where transaction_id = $1',
      [id],
    );
    const history = (await cli('events', id)).stdout;
    const shown = [JSON.stringify(listed), rows[0]?.row ?? '', history];

    expect(listed).toMatchObject({ payer: { phone: '*******53', document: '*******75' } });
    expect(JSON.parse(rows[0]?.row ?? '')).toMatchObject({
      payer_phone_mask: '*******53',
      payer_phone_index: null,
      payer_document_index: null,
    });
    expect(history).toContain('personal_data.erased');
    expect(TOLD.filter((text) => shown.some((each) => each.includes(text)))).toEqual([]);
  });

  it('finds the others by phone still, and this one before', async () => {
    const [one, other] = [await withdrawn(), await withdrawn()];
    const last = await api.get(`transactions/${other}/events`, { key });
    expect(last.status).toBe(200);
    const before = await submit();
    expect(await foundByPhone(before.headers['position-token'])).toEqual(
      expect.arrayContaining([one, other]),
    );
    const after = await erase(one);
    const found = await foundByPhone(after.headers['position-token']);
    expect([found.includes(one), found.includes(other)]).toEqual([false, true]);
  });

  it('is told in the history, with who and why', async () => {
    const id = await withdrawn();
    await erase(id);
    const { body } = await api.get(`transactions/${id}/events`, { key });

    expect((body['data'] as unknown[]).at(-1)).toMatchObject({
      event: 'personal_data.erased',
      details: { reason: 'the payer asked for it' },
    });
  });

  it('answers a repeat the same and says so', async () => {
    const id = await withdrawn();
    await erase(id);
    const again = await erase(id);

    expect([again.status, again.headers['idempotency-replayed']]).toEqual([200, 'true']);
  });

  it('is refused while the claim is open, and to whoever is no administrator', async () => {
    const { body } = await submit();

    expect(await erase(String(body['id']))).toMatchObject({
      status: 409,
      body: { code: 'claim_still_open' },
    });
    expect((await erase(String(body['id']), { key })).status).toBe(403);
  });
});

describe('restoring the database after an erasure', () => {
  it('deletes the key again, by command and by itself', async () => {
    const id = await withdrawn();
    const { rows: before } = await state.query<{ key_id: string; wrapped_key: Buffer }>(
      'select key_id, wrapped_key from state.data_key where wrapped_key is not null',
    );
    await erase(id);
    const { rows: erased } = await state.query<{ key_id: string }>(
      'select key_id from state.data_key where wrapped_key is null',
    );
    const restore = async (): Promise<void> => {
      for (const { key_id: keyId, wrapped_key: wrapped } of before) {
        await state.query(
          'update state.data_key set wrapped_key = $2, erased_at = null where key_id = $1',
          [keyId, wrapped],
        );
      }
    };
    const isErased = async (): Promise<boolean> => (await keysOf()).erased === erased.length;

    await restore();
    expect((await keysOf()).erased).toBe(erased.length - 1);
    const reapplied = await cli('personal-data', 'reapply-erasures');
    expect(reapplied.stdout).toMatch(/^\d+ erasures are in the log; 1 keys were deleted again\.$/m);
    expect(await isErased()).toBe(true);

    // A restore takes the read models' checkpoints back too, and what leads them begins there again.
    await restore();
    await state.query(
      `update read.projection_checkpoint set position = null, prepare_position = null where name = 'erased-keys'`,
    );
    await submit();
    await eventually(isErased);
  });
});

describe('looking into the files of the stores', () => {
  it('finds nothing that a payer told, neither before an erasure nor after it', async () => {
    await submit();
    await erase(await withdrawn());
    const { TEST_POSTGRES_DIRECTORY: postgres } = process.env;
    const inPostgres = (texts: readonly string[]) =>
      postgres === undefined ? rowsWith(texts) : filesWith(postgres, texts);

    // The search finds what is there.
    expect(await filesWith(api.log.directory, ['*******53'])).not.toEqual([]);
    expect(await inPostgres(['*******53'])).not.toEqual([]);
    expect(await filesWith(api.log.directory, TOLD)).toEqual([]);
    expect(await inPostgres(TOLD)).toEqual([]);
    expect(TOLD.filter((text) => api.lines.some((line) => line.includes(text)))).toEqual([]);
  });
});

describe('exchanging the master key from the command line', () => {
  it('locks every key anew and tells how many', async () => {
    await submit();
    const { kept } = await keysOf();
    const { PERSONAL_DATA_MASTER_KEY: previous = '' } = api.environment;
    const { stderr } = await run(
      process.execPath,
      [
        '--import',
        join(ROOT, 'test/support/run-typescript.mjs'),
        join(ROOT, 'src/cli/main.ts'),
        'personal-data',
        'rotate-master',
      ],
      {
        cwd: ROOT,
        env: {
          PATH: process.env['PATH'],
          ...api.environment,
          PERSONAL_DATA_MASTER_KEY: randomBytes(32).toString('base64'),
          PERSONAL_DATA_PREVIOUS_MASTER_KEY: previous,
        },
      },
    );

    expect(stderr).toContain(`${kept} data keys, ${kept} of them locked anew`);
  });
});
