import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { START, type EventStoreDBClient } from '@eventstore/db-client';
import { Client } from 'pg';

const FOLDER = resolve(import.meta.dirname, '../emmett');
const ROWS_AT_ONCE = 1_000;
const run = promisify(execFile);

interface Copied {
  readonly stream_id: string;
  readonly stream_position: string;
  readonly message_data: unknown;
  readonly message_metadata: unknown;
  readonly message_type: string;
  readonly message_id: string;
}

/** Rebuilds with Emmett's projections, on the same server, from the first events of the same log; events a second. */
export async function rebuildWithEmmett(
  client: EventStoreDBClient,
  serverUrl: string,
  events: number,
): Promise<number> {
  if (!existsSync(join(FOLDER, 'node_modules'))) {
    await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: FOLDER });
  }
  const address = await freshDatabase(serverUrl);
  await emmett('schema', address);
  await copyEvents(client, address, events);
  const { seconds } = JSON.parse(await emmett('rebuild', address)) as { seconds: number };
  await mustHaveRebuilt(address);
  return events / seconds;
}

async function emmett(task: string, address: string): Promise<string> {
  const { stdout } = await run(process.execPath, [join(FOLDER, 'emmett.mjs'), task, address], {
    cwd: FOLDER,
  });
  return stdout.trim().split('\n').at(-1) ?? '';
}

async function freshDatabase(serverUrl: string): Promise<string> {
  await onDatabase(serverUrl, (database) => database.query('create database emmett'));
  const url = new URL(serverUrl);
  url.pathname = '/emmett';
  return url.href;
}

/** Straight into its table of messages: how its events came there is not what is measured. */
const copyEvents = (client: EventStoreDBClient, address: string, events: number): Promise<void> =>
  onDatabase(address, async (database) => {
    let rows: Copied[] = [];
    const flush = async (): Promise<void> => {
      await database.query(INSERT, [JSON.stringify(rows)]);
      rows = [];
    };
    let copied = 0;
    for await (const { event } of client.readAll({ fromPosition: START, maxCount: events })) {
      if (event === undefined || copied === events) break;
      copied += 1;
      rows.push({
        stream_id: event.streamId,
        stream_position: String(event.revision + 1n),
        message_data: event.data,
        message_metadata: event.metadata,
        message_type: event.type,
        message_id: event.id,
      });
      if (rows.length === ROWS_AT_ONCE) await flush();
    }
    await flush();
    await database.query('analyze');
  });

const INSERT = `insert into emt_messages (stream_id, stream_position, partition, message_data, message_metadata,
    message_schema_version, message_type, message_id, transaction_id)
  select stream_id, stream_position, 'emt:default', message_data, message_metadata, '1', message_type, message_id,
    pg_current_xact_id()
  from jsonb_to_recordset($1::jsonb) as copied(stream_id text, stream_position bigint, message_data jsonb,
    message_metadata jsonb, message_type text, message_id text)`;

/** A peer that did nothing would look fast. */
const mustHaveRebuilt = (address: string): Promise<void> =>
  onDatabase(address, async (database) => {
    const { rows } = await database.query<{ missing: string }>(
      `select count(distinct stream_id) - (select count(*) from transaction_view)
        + count(distinct stream_id) - (select count(*) from daily_total_entry)
        + count(distinct stream_id) - (select count(*) from verification_queue) as missing
      from emt_messages`,
    );
    if (rows[0]?.missing !== '0') throw new Error(`${rows[0]?.missing} documents are missing`);
  });

async function onDatabase(
  url: string,
  work: (database: Client) => Promise<unknown>,
): Promise<void> {
  const database = new Client({ connectionString: url });
  await database.connect();
  try {
    await work(database);
  } finally {
    await database.end();
  }
}
