import { sql, type Kysely } from 'kysely';
import type { Database, DatabaseTransaction } from '../database/database.js';
import type { StoredEvent } from '../event-store/stored-event.js';
import type { ProjectionVersion } from './checkpoint-store.js';
import './quarantined-event.table.js';

const REASON_LENGTH = 500;

/** One stream that a read model could not follow any further. */
export interface HeldStream {
  readonly projection: string;
  readonly version: number;
  readonly streamName: string;
  readonly revision: bigint;
  readonly type: string;
  readonly reason: string;
  readonly since: Date;
  /** Events that could not be applied, the failed one and those behind it. */
  readonly events: number;
}

/** Every held stream, oldest first. */
export async function heldStreams(
  db: Kysely<Database>,
  projections: readonly string[],
): Promise<readonly HeldStream[]> {
  const { rows } = await sql<HeldStream>`
    select projection, version, stream_name as "streamName", min(revision) as revision,
      (array_agg(type order by revision))[1] as type,
      (array_agg(reason order by revision))[1] as reason,
      min(quarantined_at) as since, count(*)::int as events
    from read.quarantined_event where projection = any(${projections}::text[])
    group by projection, version, stream_name order by since, stream_name`.execute(db);
  return rows;
}

/** The streams among those given whose events must wait. */
export async function quarantinedStreams(
  tx: DatabaseTransaction,
  { name, version }: ProjectionVersion,
  streamNames: readonly string[],
): Promise<Set<string>> {
  const rows = await tx
    .selectFrom('read.quarantined_event')
    .select('stream_name')
    .distinct()
    .where('projection', '=', name)
    .where('version', '=', version)
    .where('stream_name', '=', sql<string>`any(${[...new Set(streamNames)]}::text[])`)
    .execute();
  return new Set(rows.map((row) => row.stream_name));
}

/** Which events must wait: revisions by stream. */
export async function quarantinedRevisions(
  tx: DatabaseTransaction,
  { name, version }: ProjectionVersion,
): Promise<ReadonlyMap<string, ReadonlySet<bigint>>> {
  const rows = await tx
    .selectFrom('read.quarantined_event')
    .select(['stream_name', 'revision'])
    .where('projection', '=', name)
    .where('version', '=', version)
    .execute();
  const streams = new Map<string, Set<bigint>>();
  for (const { stream_name: stream, revision } of rows) {
    streams.set(stream, (streams.get(stream) ?? new Set()).add(revision));
  }
  return streams;
}

/** How many events the projection could not apply yet. */
export async function countQuarantined(
  db: Kysely<Database>,
  { name, version }: ProjectionVersion,
): Promise<number> {
  const { count } = await db
    .selectFrom('read.quarantined_event')
    .select((select) => select.fn.countAll<bigint>().as('count'))
    .where('projection', '=', name)
    .where('version', '=', version)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Puts an event aside because it could not be applied. */
export const quarantineFailed = (
  tx: DatabaseTransaction,
  of: ProjectionVersion,
  event: StoredEvent,
  error: unknown,
): Promise<void> => putAside(tx, of, [event], { outcome: 'failed', reason: reasonOf(error) });

/** Puts events aside because one before them in their stream could not be applied. */
export const quarantineWaiting = (
  tx: DatabaseTransaction,
  of: ProjectionVersion,
  events: readonly StoredEvent[],
): Promise<void> =>
  putAside(tx, of, events, {
    outcome: 'waiting',
    reason: 'an earlier event of its stream is quarantined',
  });

async function putAside(
  tx: DatabaseTransaction,
  { name, version }: ProjectionVersion,
  events: readonly StoredEvent[],
  why: { readonly outcome: 'failed' | 'waiting'; readonly reason: string },
): Promise<void> {
  if (events.length === 0) return;
  await tx
    .insertInto('read.quarantined_event')
    .values(
      events.map((event) => ({
        projection: name,
        version,
        stream_name: event.streamName,
        revision: event.revision,
        event_id: event.eventId,
        type: event.type,
        position: event.position,
        prepare_position: event.preparePosition,
        ...why,
      })),
    )
    // The same event again, after a crash before the checkpoint moved, changes nothing.
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The wording of a database error may quote a row's values; its code and the names it gives never do. */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'not an Error';
  const { code, table, column, constraint } = error as Partial<Record<string, unknown>> & Error;
  if (typeof code !== 'string') return `${error.name}: ${error.message}`.slice(0, REASON_LENGTH);
  const where = [table, column, constraint].filter((name) => typeof name === 'string');
  return [`database error ${code}`, ...where].join(' ');
};
