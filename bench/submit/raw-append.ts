// Appends the event of a submission with the bare client, each to a stream of its own; prints one JSON line.
import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { measure } from './measured.js';

export interface RawLoad {
  readonly connectionString: string;
  readonly callers: number;
  readonly seconds: number;
  /** A stream that a submission of the service wrote: its first event is appended again and again. */
  readonly exampleStream: string;
}

type JsonData = Record<string, unknown>;

const load = JSON.parse(process.argv[2] ?? '{}') as RawLoad;
const client = EventStoreDBClient.connectionString(load.connectionString);

let example: { type: string; data: JsonData; metadata: JsonData } | null = null;
for await (const { event } of client.readStream(load.exampleStream, { maxCount: 1 })) {
  if (event === undefined) continue;
  example = {
    type: event.type,
    data: event.data as JsonData,
    metadata: event.metadata as JsonData,
  };
}
if (example === null) throw new Error(`${load.exampleStream} has no event`);
const { type, data, metadata } = example;

const append = async (): Promise<null> => {
  const id = randomUUID();
  const event = jsonEvent({ id, type, data, metadata });
  await client.appendToStream(`transaction-${id}`, event, { expectedRevision: NO_STREAM });
  return null;
};

const measured = await measure(
  Array.from({ length: load.callers }, () => append),
  load.seconds,
);
await client.dispose();
process.stdout.write(`${JSON.stringify(measured)}\n`);
