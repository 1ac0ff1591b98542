import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../support/eventually.js';
import { SocketClient, StreamClient } from '../support/live-clients.js';
import { RunningSystem } from '../support/running-system.js';

const PAGE = 'docs/live-updates.md';
// Claims of the snippets that nobody paid expire beside.
const query = '?types=transaction.submitted,transaction.verified';

describe('seeing a verdict the moment it is there', () => {
  let system: RunningSystem;
  let folder: string;

  beforeAll(async () => {
    system = await RunningSystem.start();
    folder = await mkdtemp(join(tmpdir(), 'live-updates-'));
  });

  afterAll(async () => {
    await system.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('runs each snippet of the page against the service until it hears of a claim', async () => {
    const page = await readFile(PAGE, 'utf8');
    const snippets = [...page.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code = '']) => code);
    expect(snippets).toHaveLength(2);
    const { url, apiKey } = system.access;
    const running = snippets.map(async (code, at) => {
      const file = join(folder, `snippet-${at}.mjs`);
      const hear =
        '({ type }) => { console.log(type); if (type === "transaction.submitted") process.exit(0); }';
      await writeFile(
        file,
        `${code}\nfollow(${JSON.stringify(url)}, ${JSON.stringify(apiKey)}, ${hear});\n`,
      );
      const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 60_000 });
      return stdout.trim().split('\n').at(-1);
    });
    const enough = Promise.all(running);
    let heard = false;
    void enough.then(
      () => (heard = true),
      () => (heard = true),
    );
    // Until both have heard of one: neither says when it has begun.
    let claims = 700_000;
    await eventually(
      async () => {
        claims += 1;
        await system.submit(system.claim(String(claims).padStart(11, '0')));
        return heard;
      },
      { withinMs: 60_000, everyMs: 250 },
    );
    expect(await enough).toEqual(['transaction.submitted', 'transaction.submitted']);
  });

  it('tells readers of two processes the whole story, and resumes from one at the other', async () => {
    const { url: first, apiKey } = system.access;
    const reading = await StreamClient.open(first, apiKey, { query });
    await reading.hears('welcome');
    const killFirst = await system.startBeside();
    const { url: second } = system.access;
    const listening = await SocketClient.open(second, apiKey, { offered: true, query });
    await listening.hears('welcome');
    await system.addCredits([{ reference: '00683476001', amount: 124_050 }]);
    const submitted = await system.submit(system.claim('00683476001'));
    const story = ['transaction.submitted', 'transaction.verified'];

    const told = await reading.hearsSoMany(2);
    expect(told.map(({ type }) => type)).toEqual(story);
    expect(told[1]?.data).toMatchObject({
      data: { transaction: { id: submitted.body.id, status: 'verified', bank_amount: 124_050 } },
    });
    expect((await listening.hearsSoMany(2)).map(({ id, type }) => [id, type])).toEqual(
      told.map(({ id, type }) => [id, type]),
    );

    await killFirst();
    await reading.untilEnded();
    await system.addCredits([{ reference: '00683476002', amount: 124_050 }]);
    const missed = await system.submit(system.claim('00683476002'));
    await system.reaches(missed.body.id, 'verified');
    const resumed = await StreamClient.open(second, apiKey, {
      query,
      headers: { 'last-event-id': reading.lastId },
    });
    const rest = await resumed.hearsSoMany(2);
    expect(rest.map(({ type }) => type)).toEqual(story);
    expect(rest.map(({ data }) => data['type'])).toEqual(story);

    // Who stops says goodbye, and is gone in time although somebody listens.
    expect(await system.stopService()).toBe(0);
    expect((await resumed.hears('goodbye')).data).toEqual({ reason: 'stopping', resume: true });
    expect(await listening.untilClosed()).toMatchObject({ code: 1001 });
  });
});
