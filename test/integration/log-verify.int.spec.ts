import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { AUDITED_CATEGORIES, knownCodec } from '../../src/cli/log/known-log.js';
import { EventCatalog } from '../../src/platform/event-store/event-catalog.js';
import { EventCodec } from '../../src/platform/event-store/event-codec.js';
import { EventStoreCommandRunner } from '../../src/platform/event-store/event-store-command-runner.js';
import { EventStoreDbEventStore } from '../../src/platform/event-store/eventstoredb.event-store.js';
import { EventStoreDbLogReader } from '../../src/platform/event-store/eventstoredb.log-reader.js';
import { anchorKeyFrom } from '../../src/platform/log-audit/anchor.js';
import type { Finding } from '../../src/platform/log-audit/finding.js';
import { LogAnchoring } from '../../src/platform/log-audit/log-anchoring.js';
import { LogAnchors } from '../../src/platform/log-audit/log-anchors.store.js';
import { LogWalk } from '../../src/platform/log-audit/log-walk.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { submit } from '../../src/transactions/domain/submission.decisions.js';
import { cancel } from '../../src/transactions/domain/closing.decisions.js';
import {
  transactionIdOf,
  transactionStream,
} from '../../src/transactions/domain/transaction-id.js';
import { transactionAggregate } from '../../src/transactions/domain/transaction.js';
import { transactionEvents } from '../../src/transactions/events/transaction.event.js';
import { aContext } from '../support/a-submission.js';
import { aClaim, minutesLater } from '../support/a-transaction.js';
import { testEnvironment } from '../support/app.js';
import { SharedDatabase } from '../support/shared-database.js';
import { TestEventStore } from '../support/stores.js';
import { TestClock } from '../support/test-clock.js';

const ROOT = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
const CLAIMS = 12;

const claimOf = (n: number) => {
  const claim = aClaim({ reference: String(683_000_000 + n), externalId: `order-number-${n}` });
  return { ...claim, transactionId: transactionIdOf(claim, 0) };
};
const streamOf = (n: number): string => transactionStream(claimOf(n).transactionId);

describe('verifying the log on a real event-store node', () => {
  const indexKey = randomBytes(32);
  const anchorKey = anchorKeyFrom(indexKey);
  let database: SharedDatabase;
  let anchors: LogAnchors;
  let node: TestEventStore;

  beforeAll(async () => {
    database = await SharedDatabase.start();
    anchors = new LogAnchors(database.connect());
  });

  afterAll(() => database.stop());

  beforeEach(async () => {
    node = await TestEventStore.start();
  });

  afterEach(() => node.stop());

  const file = (name: string): string => join(node.directory, name);

  /** Claims from the n-th on; every other one is withdrawn. */
  const write = async (from: number, to: number): Promise<void> => {
    const catalog = new EventCatalog();
    catalog.register(transactionEvents);
    const store = new EventStoreDbEventStore(
      { url: node.url },
      new EventCodec(catalog),
      new Metrics(),
    );
    const runner = new EventStoreCommandRunner(store);
    try {
      for (let n = from; n < to; n += 1) {
        const claim = claimOf(n);
        const nobody = { phone: null, document: null, name: null };
        const submission = { claim, payer: nobody, recordedPayer: null };
        const at = { streamName: streamOf(n), aggregate: transactionAggregate, context: aContext };
        await runner.run({
          ...at,
          commandId: `s${n}`,
          decide: (state) => submit(state, submission),
        });
        if (n % 2 === 1) continue;
        await runner.run({
          ...at,
          commandId: `c${n}`,
          decide: (state) =>
            cancel(state, { cancelledBy: 'user:1', reason: null }, minutesLater(3)),
        });
      }
    } finally {
      await store.close();
    }
  };

  const withReader = async <T>(work: (reader: EventStoreDbLogReader) => Promise<T>): Promise<T> => {
    const reader = new EventStoreDbLogReader(node.url);
    try {
      return await work(reader);
    } finally {
      await reader.close();
    }
  };

  const anchor = () =>
    withReader((reader) => {
      const parts = { reader, anchors, clock: new TestClock(minutesLater(9)), key: anchorKey };
      return new LogAnchoring(parts).next();
    });

  const verify = (withAnchors = true): Promise<readonly Finding[]> =>
    withReader(async (reader) => {
      const known = withAnchors ? await anchors.all() : [];
      const parts = { reader, codec: knownCodec(), categories: AUDITED_CATEGORIES };
      const walk = new LogWalk({ ...parts, anchors: known, anchorKey });
      const findings: Finding[] = [];
      for await (const finding of walk.findings()) findings.push(finding);
      return findings;
    });

  /** Changes one bit of the first byte of a text, in the file that the node keeps its log in. */
  const flipIn = async (text: string): Promise<void> => {
    await node.pause();
    const bytes = await readFile(file('events.sqlite'));
    const offset = bytes.lastIndexOf(text);
    expect(offset).toBeGreaterThan(0);
    bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset);
    await writeFile(file('events.sqlite'), bytes);
    await node.restart();
  };

  it('finds nothing wrong with what was written by the rules', async () => {
    await write(0, CLAIMS);

    expect(await verify(false)).toEqual([]);
  });

  it.each([
    ['metadata', () => 'request-1","$correlationId'],
    ['stream', () => streamOf(11)],
    ['checksum', () => 'checksum'],
  ])('names the event of which one byte of the %s is flipped in the file', async (_, text) => {
    await write(0, CLAIMS);
    await flipIn(text());
    const findings = await verify(false);

    expect(findings[0]).toMatchObject({ kind: 'event_changed', position: expect.any(BigInt) });
    expect(findings[0]?.eventId).not.toBeNull();
  });

  it('names the stream of the event that is flipped', async () => {
    await write(0, CLAIMS);
    await flipIn('order-number-7"');

    expect(await verify(false)).toEqual([
      expect.objectContaining({ kind: 'event_changed', streamName: streamOf(7), revision: 0n }),
    ]);
  });

  it('says after which event the log cannot be read any further', async () => {
    await write(0, CLAIMS);
    await node.pause();
    const bytes = await readFile(file('events.sqlite'));
    // The tag of the field that holds the stream's name: under another number nobody knows whose event it is.
    const tag = bytes.lastIndexOf(`\u0012\u0032\u001a\u0030${streamOf(7)}`);
    expect(tag).toBeGreaterThan(0);
    bytes.writeUInt8(0x52, tag);
    await writeFile(file('events.sqlite'), bytes);
    await node.restart();

    expect(await verify(false)).toEqual([
      expect.objectContaining({
        kind: 'log_unreadable',
        detail: `what follows ${streamOf(6)}@1 cannot be read`,
      }),
    ]);
  });

  it('finds a tail that was cut off the file, by an anchor kept elsewhere', async () => {
    await write(0, 6);
    const made = await anchor();
    expect(made?.anchor.events).toBe(9n);
    await write(6, CLAIMS);
    expect(await verify()).toEqual([]);
    await anchor();
    await node.kill();
    const { size } = await stat(file('events.sqlite-wal'));
    await truncate(file('events.sqlite-wal'), Math.floor((size * 3) / 4));
    await node.restart();
    const findings = await verify();

    expect(findings).toEqual([expect.objectContaining({ kind: 'tail_missing' })]);
    expect(findings[0]?.detail).toMatch(/counts 18 events/);
  });

  it('tells it all from the command line', async () => {
    await write(0, CLAIMS);
    const fresh = await SharedDatabase.start();
    try {
      const environment = testEnvironment({ url: fresh.url, drop: () => Promise.resolve() }, node, {
        PERSONAL_DATA_INDEX_KEY: indexKey.toString('base64'),
      });
      const cli = (...args: string[]) =>
        run(
          process.execPath,
          [
            '--import',
            join(ROOT, 'test/support/run-typescript.mjs'),
            join(ROOT, 'src/cli/main.ts'),
            ...args,
          ],
          { cwd: ROOT, env: { PATH: process.env['PATH'], ...environment } },
        );
      const exported = file('anchors.jsonl');
      await cli('log', 'anchor', '--out', exported);
      const sound = await cli('log', 'verify', '--anchors', exported);
      expect(sound.stderr).toContain('18 events in 12 streams, 1 anchors; nothing is wrong.');
      const history = await cli('events', claimOf(2).transactionId);
      expect(history.stdout).toMatch(/: cancelled\n.*order order-number-2/);
      expect(history.stdout).toMatch(/ {3}1 {2}\S+Z {2}\+\d+ m?s {2}transaction\.cancelled {2}by /);
      await flipIn('order-number-3"');
      await expect(cli('log', 'verify')).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`event_changed | ${streamOf(3)}@0`),
      });
    } finally {
      await fresh.stop();
    }
  });
});
