import { readFile } from 'node:fs/promises';
import { START } from '@eventstore/db-client';
import { EventStoreProcess } from '../../test/support/event-store-process.js';
import { claim } from './payload.js';

const EVENTS_PER_STREAM = 4;
const CALLERS = 64;

export interface ManyEvents {
  readonly events: number;
  readonly appendEventsPerSecond: number;
  readonly catchUpEventsPerSecond: number;
  readonly openSeconds: number;
  /** Largest resident memory of the node over all of it; null where the system does not say. */
  readonly peakMb: number | null;
  /** Resident memory after each tenth of the appends. */
  readonly residentMb: readonly number[];
}

/** Fills a log with so many events in streams of four, follows it from the start, and opens it again. */
export async function fillFollowAndOpen(directory: string, events: number): Promise<ManyEvents> {
  const node = await EventStoreProcess.startBuilt(directory);
  const residentMb: number[] = [];
  const streams = events / EVENTS_PER_STREAM;
  let next = 0;
  const tenth = Math.ceil(streams / 10);
  const fill = async (): Promise<void> => {
    while (next < streams) {
      const stream = next;
      next += 1;
      const claims = Array.from({ length: EVENTS_PER_STREAM }, claim);
      const options = { expectedRevision: 'no_stream' } as const;
      await node.client.appendToStream(`transaction-${stream}`, claims, options);
      if (stream % tenth === tenth - 1) residentMb.push(await memoryMb(node.pid, 'VmRSS'));
    }
  };
  const appending = await secondsOf(() => Promise.all(Array.from({ length: CALLERS }, fill)));
  const following = await secondsOf(() => followToTheEnd(node, events));
  const peakMb = await memoryMb(node.pid, 'VmHWM');
  await node.kill();
  let again: EventStoreProcess | undefined;
  const openSeconds = await secondsOf(async () => {
    again = await EventStoreProcess.startBuilt(directory);
    for await (const _ of again.client.readAll({ maxCount: 1, direction: 'backwards' })) break;
  });
  await again?.stop();
  return {
    events,
    appendEventsPerSecond: Math.round(events / appending),
    catchUpEventsPerSecond: Math.round(events / following),
    openSeconds,
    peakMb: Number.isNaN(peakMb) ? null : peakMb,
    residentMb,
  };
}

async function followToTheEnd({ client }: EventStoreProcess, expected: number): Promise<void> {
  const subscription = client.subscribeToAll({ fromPosition: START });
  let told = 0;
  subscription.on('data', () => {
    told += 1;
  });
  await new Promise<void>((resolve, reject) => {
    subscription.on('caughtUp', () => resolve());
    subscription.on('error', reject);
  });
  await subscription.unsubscribe();
  if (told !== expected) throw new Error(`Told ${told} events of ${expected}.`);
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** From the kernel's own books; other systems than Linux keep none here. */
async function memoryMb(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1];
  return kib === undefined ? NaN : Math.round(Number.parseInt(kib, 10) / 1024);
}
