import { jest } from '@jest/globals';
import {
  gatewayPauseTask,
  gatewayResumeTask,
  gatewayStatusTask,
} from '../../src/cli/gateway.task.js';
import { UsageError } from '../../src/cli/task.js';
import { freshDatabase, type TestDatabase } from '../support/stores.js';

describe('pausing and resuming the way to a bank from the command line', () => {
  let database: TestDatabase;
  let said: string[];
  const earlierUrl = process.env['DATABASE_URL'];
  beforeAll(async () => {
    database = await freshDatabase();
    process.env['DATABASE_URL'] = database.url;
  });
  afterAll(async () => {
    if (earlierUrl === undefined) delete process.env['DATABASE_URL'];
    else process.env['DATABASE_URL'] = earlierUrl;
    await database.drop();
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
});
