import { jest } from '@jest/globals';
import { createSecretKey, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { MasterKeys } from '../../src/platform/personal-data/master-keys.js';
import { PostgresRawAnswers } from '../../src/bank-gateway/raw-answers/postgres-raw-answers.store.js';
import {
  gatewayAnswerTask,
  gatewayPauseTask,
  gatewayResumeTask,
  gatewayStatusTask,
} from '../../src/cli/gateway.task.js';
import { UsageError } from '../../src/cli/task.js';
import { SystemClock } from '../../src/kernel/clock.js';
import { SystemRandomSource } from '../../src/kernel/ids.js';
import { SharedDatabase } from '../support/shared-database.js';

describe('pausing and resuming the way to a bank from the command line', () => {
  const earlier = { ...process.env };
  let shared: SharedDatabase;
  let said: string[];
  beforeAll(async () => {
    shared = await SharedDatabase.start();
    process.env['DATABASE_URL'] = shared.url;
  });
  afterAll(async () => {
    process.env = earlier;
    await shared.stop();
  });
  beforeEach(() => {
    said = [];
    jest.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
  });
  afterEach(() => jest.restoreAllMocks());

  const status = async () => {
    const exitCode = await gatewayStatusTask.run({ credential: 'banesco' });
    return { exitCode, said: said.at(-1) };
  };
  const act = { credential: 'banesco', by: 'operator', reason: 'keys are being changed' };

  it('says that it is open, with exit code 0', async () => {
    expect(await status()).toEqual({ exitCode: 0, said: 'banesco is open.' });
  });

  it('pauses, and says so with exit code 1', async () => {
    expect(await gatewayPauseTask.run(act)).toBe(0);
    const { exitCode, said: line } = await status();
    expect(exitCode).toBe(1);
    expect(line).toMatch(/^banesco is closed since 20\S+Z: keys are being changed\.$/);
  });

  it('doubts a name under which no call was made', async () => {
    await gatewayPauseTask.run(act);
    expect(said.at(-1)).toBe('No call was made as banesco of late: is that its name?');

    await sql`
      insert into state.permit (permit_id, credential_id, operation, taken_at, deadline_at)
      values (${randomUUID()}, 'banesco', 'look_up', now(), now())`.execute(
      shared.connect().kysely,
    );
    await gatewayPauseTask.run(act);
    expect(said.at(-1)).toBe('banesco was closed already.');
  });

  it('resumes', async () => {
    await gatewayResumeTask.run(act);
    expect(said).toEqual(['banesco is open again.']);
    expect((await status()).exitCode).toBe(0);
    await gatewayResumeTask.run(act);
    expect(said.at(-1)).toBe('banesco was open already.');
  });

  it.each([gatewayPauseTask, gatewayResumeTask])('wants a name and a reason', async (task) => {
    await expect(task.run({ ...act, by: undefined })).rejects.toBeInstanceOf(UsageError);
    await expect(task.run({ ...act, reason: ' ' })).rejects.toBeInstanceOf(UsageError);
  });

  it('prints what a bank answered, as long as it is kept', async () => {
    const key = Buffer.alloc(32, 7);
    process.env['PERSONAL_DATA_MASTER_KEY'] = key.toString('base64');
    process.env['PERSONAL_DATA_INDEX_KEY'] = key.toString('base64');
    const connection = shared.connect();
    const answers = new PostgresRawAnswers(1, {
      database: connection,
      masterKeys: new MasterKeys(createSecretKey(key)),
      clock: new SystemClock(),
      random: new SystemRandomSource(),
    });
    const body = Buffer.from('{"httpStatus":{"statusCode":"70001"}}');
    await answers.keep({ askId: 'an-ask', credentialId: 'banesco', page: 0, body });
    expect(await gatewayAnswerTask.run({ ask: 'an-ask' })).toBe(0);
    expect(said).toEqual(['{"httpStatus":{"statusCode":"70001"}}']);
    expect(await gatewayAnswerTask.run({ ask: 'another' })).toBe(1);
  });
});
