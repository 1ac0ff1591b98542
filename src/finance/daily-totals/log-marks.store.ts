import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import type { StoredEvent } from '../../platform/event-store/stored-event.js';
import { rowsAsJson } from '../../platform/projections/rows-as-json.js';
import type { LogMarkTable } from './daily-totals.table.js';

const MINUTE_MS = 60_000;
// By name and not in the text, so that a rebuild may fill the table of another schema.
const MARK = sql.table('read.log_mark');

/** The first of the events in each minute, by their place in the log. */
export function marksOf(events: readonly StoredEvent[]): readonly LogMarkTable[] {
  const first = new Map<number, StoredEvent>();
  for (const event of events) {
    const minute = Math.floor(event.recordedAt.getTime() / MINUTE_MS);
    const known = first.get(minute);
    if (known === undefined || event.position < known.position) first.set(minute, event);
  }
  return [...first].map(([minute, { recordedAt, position, preparePosition }]) => ({
    minute: new Date(minute * MINUTE_MS),
    recorded_at: recordedAt,
    position,
    prepare_position: preparePosition,
  }));
}

/** The least position of a minute stands, so that neither batches nor repeats nor their order make a difference. */
export async function writeMarks(
  tx: DatabaseTransaction,
  events: readonly StoredEvent[],
): Promise<void> {
  const marks = marksOf(events);
  if (marks.length === 0) return;
  await sql`
    insert into ${MARK} as known
    select * from jsonb_populate_recordset(null::${MARK}, ${rowsAsJson(marks)}::jsonb)
    on conflict (minute) do update set
      recorded_at = excluded.recorded_at,
      position = excluded.position,
      prepare_position = excluded.prepare_position
    where known.position > excluded.position`.execute(tx);
}
