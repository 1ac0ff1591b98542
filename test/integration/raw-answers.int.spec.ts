import { createHash, createSecretKey } from 'node:crypto';
import { sql } from 'kysely';
import { MasterKeys } from '../../src/platform/personal-data/master-keys.js';
import { PostgresRawAnswers } from '../../src/bank-gateway/raw-answers/postgres-raw-answers.store.js';
import { RawAnswers } from '../../src/bank-gateway/raw-answers/raw-answers.port.js';
import { SystemRandomSource } from '../../src/kernel/ids.js';
import { BoxUnreadable } from '../../src/platform/personal-data/sealed-box.js';
import type { DatabaseConnection } from '../../src/platform/database/database.js';
import { ASK, GatewayUnderTest } from '../support/gateway-under-test.js';
import { httpAnswer, MisbehavingServer, NOTHING_FOUND } from '../support/misbehaving-server.js';
import { SharedDatabase } from '../support/shared-database.js';
import { TestClock } from '../support/test-clock.js';

const DAY_MS = 86_400_000;
const MASTER = createSecretKey(Buffer.alloc(32, 7));
const answer = (page = 0) => ({
  askId: ASK,
  credentialId: 'banesco',
  page,
  body: Buffer.from(`{"accountId":"5841********0131","page":${page}}`),
});

describe('keeping what a bank answered, word for word', () => {
  let database: SharedDatabase;
  let connection: DatabaseConnection;
  let clock: TestClock;
  beforeAll(async () => {
    database = await SharedDatabase.start();
    connection = database.connect();
  });
  afterAll(() => database.stop());
  beforeEach(async () => {
    clock = new TestClock();
    await sql`truncate state.raw_answer, state.raw_answer_key`.execute(connection.kysely);
  });
  const open = (keptDays = 90, masterKey = MASTER) =>
    new PostgresRawAnswers(keptDays, {
      database: connection,
      masterKeys: new MasterKeys(masterKey),
      clock,
      random: new SystemRandomSource(),
    });
  const count = async (table: 'raw_answer' | 'raw_answer_key'): Promise<number> => {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from ${sql.table(`state.${table}`)}`.execute(connection.kysely);
    return rows[0]?.n ?? 0;
  };

  it('gives back every page of an ask in order, also to another instance', async () => {
    const [one, other] = [open(), open()];
    await other.keep(answer(1));
    await one.keep(answer(0));
    expect(await open().find(ASK)).toEqual([answer(0), answer(1)]);
    expect(await count('raw_answer_key')).toBe(1);
  });

  it('finds nothing of an ask that was never answered', async () => {
    expect(await open().find(ASK)).toEqual([]);
  });

  it('writes nothing readable', async () => {
    await open().keep(answer());
    const { rows } = await sql<{ all: string }>`
      select string_agg(encode(box, 'escape'), '') as all from state.raw_answer`.execute(
      connection.kysely,
    );
    expect(rows[0]?.all).not.toMatch(/accountId|0131/);
  });

  it('opens nothing under another master key', async () => {
    await open().keep(answer());
    const stranger = open(90, createSecretKey(Buffer.alloc(32, 8)));
    await expect(stranger.find(ASK)).rejects.toBeInstanceOf(BoxUnreadable);
  });

  it('ends the answers of days that are old enough, also when no new ones come', async () => {
    const answers = open(2);
    await answers.keep(answer());
    clock.advance(DAY_MS);
    await answers.keep(answer(1));
    expect(await count('raw_answer')).toBe(2);
    clock.advance(DAY_MS);
    expect(await answers.endOld()).toBe(1);
    expect(await open(2).find(ASK)).toEqual([answer(1)]);
    expect(await count('raw_answer_key')).toBe(1);
    expect(await answers.endOld()).toBe(0);
  });

  it('keeps none where that is configured', async () => {
    await open(0).keep(answer());
    expect(await count('raw_answer')).toBe(0);
    expect(await count('raw_answer_key')).toBe(0);
  });
});

class FullDisk extends RawAnswers {
  keep(): Promise<void> {
    return Promise.reject(new Error('no space left'));
  }
  find(): Promise<[]> {
    return Promise.resolve([]);
  }
  endOld(): Promise<number> {
    return Promise.resolve(0);
  }
}

describe('keeping the answer of an ask', () => {
  let server: MisbehavingServer;
  let gateway: GatewayUnderTest;
  beforeEach(async () => {
    server = await MisbehavingServer.start((socket) => socket.write(NOTHING_FOUND));
  });
  afterEach(async () => {
    gateway.stop();
    await server.stop();
  });

  it('keeps what the hash in the evidence is made of', async () => {
    gateway = new GatewayUnderTest(server);
    const { evidence } = await gateway.lookUp();
    const kept = await gateway.rawAnswers.find(ASK);
    expect(kept.map(({ body }) => body.toString())).toEqual([
      '{"httpStatus":{"statusCode":"70001"},"dataResponse":null}',
    ]);
    const hash = createHash('sha256');
    for (const { body } of kept) hash.update(body);
    expect(evidence.answerHash).toBe(hash.digest('hex'));
  });

  it('keeps answers that mean nothing too, and nothing where none came', async () => {
    gateway = new GatewayUnderTest(server);
    server.behave((socket) => socket.write(httpAnswer('<html>Sorry</html>')));
    await gateway.lookUp();
    server.behave((socket) => socket.resetAndDestroy());
    expect((await gateway.lookUp()).evidence.answerHash).toBeNull();
    expect(await gateway.rawAnswers.find(ASK)).toHaveLength(1);
  });

  it('gives the answer also when it cannot be kept', async () => {
    gateway = new GatewayUnderTest(server, { rawAnswers: new FullDisk() });
    expect((await gateway.lookUp()).answer.outcome).toBe('not_visible_yet');
    const { values } = await gateway.metrics.banescoApiErrorsTotal.get();
    expect(values.map(({ labels }) => labels.error_type)).toEqual(['raw_answer_not_kept']);
  });
});
