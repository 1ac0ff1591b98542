import { appendFile, readFile } from 'node:fs/promises';
import { SystemClock } from '../kernel/clock.js';
import { readConfiguration } from '../platform/config/config.js';
import {
  DatabaseConfig,
  EventStoreConfig,
  PersonalDataConfig,
} from '../platform/config/config.schema.js';
import { PostgresConnection } from '../platform/database/postgres-connection.js';
import { EventStoreDbLogReader } from '../platform/event-store/eventstoredb.log-reader.js';
import {
  anchorKeyFrom,
  anchorLine,
  readAnchorLine,
  type Anchor,
  type AnchorKey,
} from '../platform/log-audit/anchor.js';
import { atPosition, type Finding } from '../platform/log-audit/finding.js';
import { LogAnchoring } from '../platform/log-audit/log-anchoring.js';
import { LogAnchors } from '../platform/log-audit/log-anchors.store.js';
import type { LogMark } from '../platform/log-audit/log-digest.js';
import { LogWalk, type WalkResult } from '../platform/log-audit/log-walk.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { ProgressLine } from './local/progress-line.js';
import { AUDITED_CATEGORIES, knownCodec } from './log/known-log.js';
import { type Task, type TaskOption } from './task.js';

interface LogStores {
  readonly reader: EventStoreDbLogReader;
  readonly anchors: LogAnchors;
  readonly key: AnchorKey;
}

async function withStores<T>(work: (stores: LogStores) => Promise<T>): Promise<T> {
  const configuration = readConfiguration([DatabaseConfig, EventStoreConfig, PersonalDataConfig]);
  const database = new PostgresConnection(
    {
      url: configuration.section(DatabaseConfig).url.reveal(),
      poolSize: 1,
      onConnectionFailure: () => undefined,
    },
    new Metrics(),
  );
  const reader = new EventStoreDbLogReader(configuration.section(EventStoreConfig).url.reveal());
  try {
    const key = anchorKeyFrom(configuration.section(PersonalDataConfig).indexKey.reveal());
    return await work({ reader, anchors: new LogAnchors(database), key });
  } finally {
    await Promise.all([reader.close(), database.close()]);
  }
}

const FILE: TaskOption = {
  type: 'string',
  summary: 'a file of anchors, one in a line',
};

/** Exit code 1 when anything is wrong with the log. */
export const logVerifyTask: Task = {
  options: {
    anchors: { ...FILE, summary: `${FILE.summary}, instead of those in Postgres` },
  },
  run({ anchors: file }) {
    return withStores(async ({ reader, anchors, key }) => {
      // Before the walk: while it goes on, read models see more.
      const seen = await anchors.seenByReadModels();
      const known = typeof file === 'string' ? await anchorsIn(file) : await anchors.all();
      const progress = progressTo((await reader.end())?.position ?? 0n);
      const walk = new LogWalk({
        reader,
        codec: knownCodec(),
        categories: AUDITED_CATEGORIES,
        anchors: known,
        anchorKey: key,
        onProgress: progress.show,
      });
      const { findings, result } = await walked(walk, progress.tell);
      const missing = missingTail(seen, (await reader.end())?.position ?? null);
      if (missing !== null) progress.tell(missing);
      const found = findings + (missing === null ? 0 : 1);
      progress.end(summaryOf(result, found));
      return found === 0 ? 0 : 1;
    });
  },
};

/** Signs how far the log goes and what stands in it, and prints that. */
export const logAnchorTask: Task = {
  options: { out: { ...FILE, summary: `${FILE.summary}, that the anchors are appended to` } },
  run({ out }) {
    return withStores(async ({ reader, anchors, key }) => {
      const anchoring = new LogAnchoring({ reader, anchors, clock: new SystemClock(), key });
      for (;;) {
        const made = await anchoring.next();
        if (made !== null) await publish(made.anchor, out);
        if (made?.more !== true) break;
      }
      console.error(`The anchors are signed with the Ed25519 key ${key.publicKey}.`);
      return 0;
    });
  },
};

async function publish(anchor: Anchor, out: string | boolean | undefined): Promise<void> {
  const line = anchorLine(anchor);
  console.log(line);
  if (typeof out === 'string') await appendFile(out, `${line}\n`);
}

async function anchorsIn(file: string): Promise<readonly Anchor[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  return lines.map(readAnchorLine).sort((a, b) => (a.at.position < b.at.position ? -1 : 1));
}

async function walked(
  walk: LogWalk,
  tell: (finding: Finding) => void,
): Promise<{ readonly findings: number; readonly result: WalkResult }> {
  const walking = walk.findings();
  for (let findings = 0; ; findings += 1) {
    const step = await walking.next();
    if (step.done === true) return { findings, result: step.value };
    tell(step.value);
  }
}

const missingTail = (seen: bigint | null, end: bigint | null): Finding | null =>
  seen === null || (end !== null && seen <= end)
    ? null
    : atPosition(
        'tail_missing',
        end,
        `a read model has applied events up to position ${seen}, beyond the end of the log`,
      );

function progressTo(end: bigint) {
  const line = new ProgressLine(process.stderr);
  const from = performance.now();
  return {
    show: ({ at, events }: LogMark): void => {
      if (events % 500n !== 0n) return;
      const perSecond = Number(events) / ((performance.now() - from) / 1_000);
      const share = end === 0n ? 100 : Number((at.position * 100n) / end);
      line.show(`${events} events, ${Math.min(share, 100)} %, ${perSecond.toFixed(0)}/s`);
    },
    tell: (finding: Finding): void => line.interrupt(textOf(finding)),
    end: (text: string): void => line.end(text),
  };
}

/** One line that names the finding and its place. */
export const textOf = ({
  kind,
  streamName,
  revision,
  position,
  eventId,
  detail,
}: Finding): string =>
  [
    kind,
    ...(streamName === null ? [] : [`${streamName}@${revision}`]),
    ...(eventId === null ? [] : [`event ${eventId}`]),
    ...(position === null ? [] : [`position ${position}`]),
    detail,
  ].join(' | ');

const summaryOf = (
  { end, streams, anchorsMet, withoutChecksum }: WalkResult,
  findings: number,
): string =>
  [
    `${end?.events ?? 0n} events in ${streams} streams, ${anchorsMet} anchors`,
    ...(withoutChecksum === 0n ? [] : [`${withoutChecksum} events without a checksum`]),
    findings === 0 ? 'nothing is wrong.' : `${findings} findings.`,
  ].join('; ');
