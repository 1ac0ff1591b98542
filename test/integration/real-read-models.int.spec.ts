import { Client } from 'pg';
import { closeStream } from '../../src/finance/domain/day-close.js';
import { SystemClock } from '../../src/kernel/clock.js';
import { sweepStream } from '../../src/verification/domain/sweeps.js';
import { sweepAnswered } from '../../src/verification/record-sweep/sweep-answered.event.js';
import { sweepStarted } from '../../src/verification/record-sweep/sweep-started.event.js';
import { aDayClosed } from '../support/a-day-close.js';
import { anId } from '../support/a-transaction.js';
import { eventually } from '../support/eventually.js';
import { cli } from '../support/in-process-cli.js';
import { recordedIn } from '../support/recorded.js';
import { TransactionsApi } from '../support/transactions-api.js';
import { writeVariedLog } from '../support/varied-log.js';

const MAY = ['transactions:write', 'transactions:read', 'finance:read'] as const;
// The commands share the processor with their readers here.
const READ_EVERY_MS = 50;
const TABLES = [
  'account_coverage',
  'account_sweep',
  'audit_entry',
  'daily_total',
  'daily_total_change',
  'daily_total_entry',
  'log_mark',
  'day_close',
  'movement',
  'movement_slot',
  'transaction_state',
  'transaction_view',
  'verification_queue',
];

const clock = new SystemClock();
let api: TransactionsApi;
let key: string;
let admin: string;
let accountId: string;
let postgres: Client;
let references = 700_000_000;
const earlier = { ...process.env };

beforeAll(async () => {
  api = await TransactionsApi.start();
  const merchant = await api.aMerchant();
  accountId = merchant.accountId;
  key = await api.aKey(merchant.merchantId, MAY);
  admin = await api.aKey(null, ['admin', 'transactions:read', 'finance:read']);
  postgres = new Client({ connectionString: api.databaseUrl });
  await postgres.connect();
  Object.assign(process.env, api.environment);
  await writeVariedLog(api.store);
  const close = aDayClosed();
  const { receivingAccountId, day } = close.data;
  await recordedIn(api.store, closeStream(receivingAccountId, day), [close]);
  await erase(await submit());
  await eventually(async () => {
    expect(await rows('select from state.security_act')).toEqual([]);
  });
  await api.followed();
});

afterAll(async () => {
  process.env = earlier;
  await postgres.end();
  await api.stop();
});

const submit = async (amount = 12_050): Promise<string> => {
  references += 1;
  const body = {
    external_id: `order-${references}`,
    kind: 'pago_movil',
    receiving_account_id: accountId,
    origin_bank: '0102',
    reference: String(references),
    amount,
    currency: 'VES',
    paid_on: '2026-01-05',
    payer: { phone: '0412-1234567', document: 'V-12345678', name: 'Ana' },
  };
  const { status, body: resource } = await api.post('transactions', { key, body });
  expect(status).toBe(202);
  return String(resource['id']);
};

const erase = async (id: string): Promise<void> => {
  await api.post(`transactions/${id}/cancel`, { key, headers: { 'idempotency-key': id } });
  const { status } = await api.post(`transactions/${id}/erase-personal-data`, {
    key: admin,
    headers: { 'idempotency-key': id },
    body: { reason: 'the payer asked for it' },
  });
  expect(status).toBe(200);
};

/** What a listing of an account leaves in the log: it held nothing of the claims' day. */
const sweep = async (receivingAccountId: string): Promise<void> => {
  const startedAt = clock.now();
  const range = { receivingAccountId, from: '2026-01-05', to: '2026-01-05' };
  const ids = { sweepId: anId('a listing'), permitId: anId('permit') };
  const instant = startedAt.toISOString();
  const bank = { bank: '0134', credentialId: 'banesco' };
  await recordedIn(api.store, sweepStream(receivingAccountId, startedAt), [
    sweepStarted({ ...range, ...ids, ...bank, startedAt: instant, deadlineAt: instant }),
    sweepAnswered({
      ...range,
      sweepId: ids.sweepId,
      outcome: 'not_visible_yet',
      bankCode: null,
      httpStatus: 200,
      durationMs: 1,
      answerHash: null,
      permitIds: [ids.permitId],
      movements: 0,
      retryAfterMs: null,
      answeredAt: instant,
    }),
  ]);
};

interface Listed {
  readonly data: readonly { readonly id: string }[];
}

const rows = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await postgres.query<Row>(text, values)).rows;

/** Every row of every table of the read schema, in one order; when it was last touched is no fact of the log. */
async function dump(): Promise<Record<string, readonly string[]>> {
  const tables = await rows<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'read' order by 1`,
  );
  const dumped: Record<string, readonly string[]> = {};
  for (const { name } of tables) {
    if (name === 'projection_checkpoint') continue;
    const found = await rows<{ row: string }>(
      `select to_jsonb(t)::text as row from read.${name} t order by 1`,
    );
    dumped[name] = found.map(({ row }) => row);
  }
  return dumped;
}

/** Readers of every list, who may neither fail nor miss a row that was there before; and a writer beside them. */
async function readThroughout(work: () => Promise<void>): Promise<number> {
  const over = new AbortController();
  const atLeast = (
    await rows<{ id: string }>('select transaction_id as id from read.transaction_view')
  ).length;
  const days = 'finance/daily-totals?from=2026-01-05&to=2026-03-12';
  let answers = 0;
  const read = async (path: string, check: (body: Listed) => void): Promise<void> => {
    while (!over.signal.aborted) {
      const { status, body } = await api.get(path, { key: admin });
      expect([path, status]).toEqual([path, 200]);
      check(body as unknown as Listed);
      answers += 1;
      await clock.pause(READ_EVERY_MS, over.signal);
    }
  };
  const write = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await submit();
      await clock.pause(READ_EVERY_MS, over.signal);
    }
  };
  const busy = Promise.all([
    read('transactions?limit=100', ({ data }) =>
      expect(data.length).toBeGreaterThanOrEqual(Math.min(atLeast, 100)),
    ),
    read(days, ({ data }) => expect(data.length).toBeGreaterThan(5)),
    read('audit?limit=100', ({ data }) => expect(data.length).toBeGreaterThan(0)),
    write(),
  ]);
  try {
    await Promise.race([work(), busy]);
  } finally {
    over.abort();
    await busy;
  }
  return answers;
}

describe('following a log of every kind of event into the read models of the service', () => {
  it('holds every status, and rows in every table', async () => {
    const statuses = await rows<{ status: string }>(
      'select distinct status from read.transaction_view order by 1',
    );
    expect(statuses.map(({ status }) => status)).toEqual(
      [
        'pending',
        'verified',
        'needs_review',
        'rejected',
        'expired',
        'cancelled',
        'reversed',
      ].sort(),
    );
    const held = await dump();
    for (const table of TABLES) expect([table, held[table]?.length]).not.toEqual([table, 0]);
    expect(Object.keys(held).sort()).toEqual([...TABLES, 'quarantined_event'].sort());
  });

  it('equals a replay', async () => {
    const { code, said } = await cli('projections', 'verify');

    expect(said).toContain('The read models equal a replay.');
    for (const table of TABLES) {
      expect(said).toMatch(new RegExp(`^${table}: (\\d+) rows live, \\1 replayed, 0 differ$`, 'm'));
    }
    expect(code).toBe(0);
  });
});

describe('rebuilding them while everybody reads on', () => {
  it('builds beside, shows no difference, switches and switches back, and no read fails', async () => {
    const answers = await readThroughout(async () => {
      expect(await cli('projections', 'rebuild')).toMatchObject({
        code: 0,
        said: expect.stringMatching(/^Built beside/m),
      });
      const diff = await cli('projections', 'diff');
      for (const table of TABLES) {
        expect(diff.said).toMatch(
          new RegExp(`^${table}: (\\d+) rows live, \\1 rebuilt, 0 differ$`, 'm'),
        );
      }
      expect(diff.said).toMatch(/^ {2}sums: \d+ groups, 0 differ$/m);
      expect(diff.code).toBe(0);
      expect(await cli('projections', 'switch')).toMatchObject({
        code: 0,
        said: expect.stringContaining('Switched.'),
      });
      await submit();
      expect(await cli('projections', 'switch', '--back')).toMatchObject({
        code: 0,
        said: expect.stringContaining('Switched.'),
      });
      await submit();
      await api.followed();
    });

    expect(answers).toBeGreaterThan(10);
    expect((await cli('projections', 'verify')).said).toContain('The read models equal a replay.');
  });

  it('says where each stands', async () => {
    const { said } = await cli('projections', 'list');

    expect(said).toMatch(
      /^ {2}live: version 1, generation 3, at position \d+, 0 events in quarantine$/m,
    );
    expect(said).toMatch(/^ {2}kept from before: version 1, generation 2/m);
  });
});

describe('switching to rows that differ', () => {
  const planted = async (): Promise<{ id: string; amount: string }> => {
    const [row] = await rows<{ id: string; amount: string }>(
      `update read.transaction_view set amount_minor = amount_minor + 1
       where transaction_id =
         (select min(transaction_id::text)::uuid from read.transaction_view where status = 'reversed')
       returning transaction_id as id, amount_minor as amount`,
    );
    return row ?? { id: '', amount: '' };
  };

  it('is refused, names the row and the sums, and is done when forced', async () => {
    const { id, amount } = await planted();
    expect((await cli('projections', 'rebuild', '--fresh')).code).toBe(0);
    const diff = await cli('projections', 'diff');
    const was = BigInt(amount) - 1n;

    expect(diff.code).toBe(1);
    expect(diff.said).toMatch(/^transaction_view: (\d+) rows live, \1 rebuilt, 1 differ$/m);
    expect(diff.said).toContain(`transaction_id ${id}`);
    expect(diff.said).toContain(`amount_minor ${amount} -> ${was}`);
    expect(diff.said).toMatch(/^ {2}sums: \d+ groups, 1 differ$/m);
    expect(diff.said).toMatch(/^ {4}status reversed currency USD merchant_id \S+: amount_minor /m);
    expect(await cli('projections', 'switch')).toMatchObject({
      code: 1,
      said: expect.stringContaining('Refused: more than 0 rows differ.'),
    });
    const amountOf = async () =>
      (
        await rows<{ amount: string }>(
          'select amount_minor as amount from read.transaction_view where transaction_id = $1',
          [id],
        )
      )[0]?.amount;
    expect(await amountOf()).toBe(amount);
    expect((await cli('projections', 'switch', '--force')).code).toBe(0);
    expect(await amountOf()).toBe(String(was));
    // The way back is to rows that differ too.
    expect((await cli('projections', 'switch', '--back')).code).toBe(1);
    expect((await cli('projections', 'verify')).code).toBe(0);
  });

  it('is seen by verify, which names the row', async () => {
    const { id, amount } = await planted();
    const { code, said } = await cli('projections', 'verify', '--name', 'transaction-view');

    expect(code).toBe(1);
    expect(said).toContain('1 rows differ.');
    // What the fault run reads of it.
    const { said: counted } = await cli('projections', 'verify', '--json');
    expect(JSON.parse(counted.split('\n').at(-1) ?? '')).toMatchObject({ differing: 1 });
    expect(said).toContain(`transaction_id ${id}`);
    await rows(
      'update read.transaction_view set amount_minor = $2::bigint - 1 where transaction_id = $1',
      [id, amount],
    );
    expect((await cli('projections', 'verify', '--name', 'transaction-view')).code).toBe(0);
  });
});

describe('putting aside an event that a read model cannot apply', () => {
  const listed = async (id: string): Promise<string | undefined> =>
    (
      await rows<{ status: string }>(
        'select status from read.transaction_view where transaction_id = $1',
        [id],
      )
    )[0]?.status;

  it('holds its transaction alone, tells of it, and applies it in order after a fix', async () => {
    await rows(
      'alter table read.transaction_view add constraint unlucky check (amount_minor <> 13)',
    );
    const bad = await submit(13);
    await api.post(`transactions/${bad}/cancel`, { key, headers: { 'idempotency-key': bad } });
    const good = await submit();
    await api.followed();
    expect([await listed(bad), await listed(good)]).toEqual([undefined, 'pending']);

    const list = await cli('projections', 'quarantine');
    expect(list.code).toBe(1);
    expect(list.said).toMatch(
      new RegExp(
        `^transaction-view {2}transaction-${bad} {2}2 events from TransactionSubmitted.v1 at revision 0, ` +
          'since \\S+Z: database error 23514 transaction_view unlucky$',
      ),
    );
    const inspected = await cli(
      'projections',
      'quarantine',
      'inspect',
      '--stream',
      `transaction-${bad}`,
    );
    expect(inspected.code).toBe(0);
    expect(inspected.said).toContain('transaction-view could not apply revision 0');
    expect(inspected.said).toContain('"amountMinor": 13');
    expect(inspected.said).not.toContain('1234567');
    expect(
      await cli('projections', 'quarantine', 'inspect', '--stream', `transaction-${good}`),
    ).toEqual({
      code: 1,
      said: `Nothing of transaction-${good} is in quarantine.`,
    });

    // Retried before the fix, it stays where it is, and so does what happens next.
    expect(await cli('projections', 'quarantine', 'retry')).toMatchObject({
      code: 1,
      said: expect.stringContaining('0 applied, 2 left: database error 23514'),
    });
    expect((await cli('projections', 'verify')).said).toContain('in quarantine 2');
    await rows('alter table read.transaction_view drop constraint unlucky');
    expect(
      await cli('projections', 'quarantine', 'retry', '--stream', `transaction-${bad}`),
    ).toEqual({ code: 0, said: `transaction-view  transaction-${bad}  2 applied` });
    expect(await listed(bad)).toBe('cancelled');
    expect(await cli('projections', 'quarantine')).toEqual({
      code: 0,
      said: 'Nothing is in quarantine.',
    });
    expect((await cli('projections', 'verify')).said).toContain('The read models equal a replay.');
    // The leader takes the next event of that transaction as any other.
    await erase(bad);
    await api.followed();
    expect((await cli('projections', 'verify')).code).toBe(0);
  });

  it('puts right what other streams did to the rows of its transaction meanwhile', async () => {
    const bad = await submit(17);
    await api.followed();
    await rows(`alter table read.verification_queue add constraint unlucky
      check (standing <> 'ended' or watch->'claim'->>'amountMinor' <> '17')`);
    await api.post(`transactions/${bad}/cancel`, { key, headers: { 'idempotency-key': bad } });
    await sweep(accountId);
    await api.followed();
    await rows('alter table read.verification_queue drop constraint unlucky');
    expect((await cli('projections', 'verify')).said).toContain('1 rows differ.');

    expect(await cli('projections', 'quarantine', 'retry')).toEqual({
      code: 0,
      said: `verification-queue  transaction-${bad}  1 applied`,
    });
    expect((await cli('projections', 'verify')).said).toContain('The read models equal a replay.');
  });
});

describe('dropping the whole read schema', () => {
  it('loses nothing: migrated and replayed, the rows are identical', async () => {
    await api.followed();
    const before = await dump();
    await rows('drop schema read cascade');
    expect(await cli('migrate')).toEqual({
      code: 0,
      said: 'Migrated schema read, made anew and empty.',
    });
    await eventually(() => api.followed());
    expect(await dump()).toEqual(before);
    expect((await cli('projections', 'verify')).code).toBe(0);
  });
});
