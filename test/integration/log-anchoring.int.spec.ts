import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { readAnchorLine, type Anchor } from '../../src/platform/log-audit/anchor.js';
import { eventually } from '../support/eventually.js';
import { cli } from '../support/in-process-cli.js';
import { TransactionsApi } from '../support/transactions-api.js';

describe('anchoring the log by itself', () => {
  const earlier = { ...process.env };
  let folder: string;
  let file: string;
  let api: TransactionsApi;
  let postgres: Client;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'test-anchors-'));
    file = join(folder, 'anchors.jsonl');
    api = await TransactionsApi.start({ LOG_ANCHOR_FILE: file });
    postgres = new Client({ connectionString: api.databaseUrl });
    await postgres.connect();
    Object.assign(process.env, api.environment);
  });

  afterAll(async () => {
    process.env = earlier;
    await postgres.end();
    await api.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const exported = async (): Promise<readonly Anchor[]> => {
    const text = await readFile(file, 'utf8').catch(() => '');
    return text.trim() === '' ? [] : text.trim().split('\n').map(readAnchorLine);
  };
  /** As if the last run had been so long ago. */
  const minutesPass = (minutes: number) =>
    postgres.query(
      `update state.job_run set started_at = started_at - $1 * interval '1 minute',
         succeeded_at = succeeded_at - $1 * interval '1 minute' where job = 'log-anchor'`,
      [minutes],
    );
  const isDone = async (): Promise<boolean> => {
    const { rowCount } = await postgres.query(
      `select from state.job_run where job = 'log-anchor' and succeeded_at >= started_at`,
    );
    return rowCount === 1;
  };

  /** Makes every other job due and waits for it: what is due was looked through. */
  const othersRun = async (): Promise<void> => {
    const { rowCount } = await postgres.query(
      `update state.job_run set started_at = 'epoch' where job <> 'log-anchor'`,
    );
    expect(rowCount).toBeGreaterThan(0);
    await eventually(async () => {
      const left = await postgres.query(`select from state.job_run where started_at = 'epoch'`);
      expect(left.rowCount).toBe(0);
    });
  };

  it('exports one an hour to the file, each going on where the last one ended', async () => {
    await api.aKey((await api.aMerchant()).merchantId, ['transactions:read']);
    await eventually(isDone);
    const before = (await exported()).length;

    for (const hour of [1, 2]) {
      await api.aMerchant();
      await api.followed();
      await minutesPass(58);
      await othersRun();
      expect(await exported()).toHaveLength(before + hour - 1);
      await minutesPass(3);
      await eventually(async () => expect(await exported()).toHaveLength(before + hour));
      await eventually(isDone);
    }
    const [last, ...earlierOnes] = (await exported()).toReversed();
    const { code, said } = await cli('log', 'verify', '--anchors', file);

    expect(last?.events).toBeGreaterThan(earlierOnes[0]?.events ?? 0n);
    expect([code, said]).toEqual([0, expect.any(String)]);
  });
});
