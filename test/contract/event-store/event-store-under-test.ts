import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type AllStreamResolvedEvent,
  type AppendResult,
  EventStoreDBClient,
  type EventData,
  jsonEvent,
  type ReadStreamOptions,
  type RecordedEvent,
} from '@eventstore/db-client';
import { credentials } from '@grpc/grpc-js';
import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import serverFeaturesService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';

export type Expected = bigint | 'no_stream' | 'any' | 'stream_exists';

/** The two calls by which the client may append; which it takes depends on the credentials of the call. */
export type AppendCall = 'BatchAppend' | 'Append';
export const APPEND_CALLS: readonly AppendCall[] = ['BatchAppend', 'Append'];

/** Credentials of a call make the client use `Append`; a server without security does not look at them. */
const ANY_CREDENTIALS = { username: 'admin', password: 'changeit' };

const DISPOSED_WITHIN_MS = 500;

const giveUpAfter = (ms: number): Promise<void> => delay(ms, undefined, { ref: false });

/** Old enough for anything a server on this machine does, short enough to fail a test and not the run. */
export const WITHIN = { withinMs: 30_000 } as const;

/** An event with an id of its own. */
export const note = (text = 'a', id = randomUUID()): EventData =>
  jsonEvent({ id, type: 'Noted', data: { text } });

/** So many events, each with its number as text. */
export const notes = (count: number): EventData[] =>
  Array.from({ length: count }, (_, index) => note(String(index)));

/** What a recorded `note` says. */
export const textOf = (event: RecordedEvent | undefined): string => {
  const body = event?.data;
  return typeof body === 'object' && body !== null && 'text' in body ? String(body.text) : '';
};

/** An event store at an address, with names that no other run uses. */
export class EventStoreUnderTest {
  readonly client: EventStoreDBClient;
  private readonly run = randomUUID().slice(0, 8);
  private streams = 0;

  constructor(readonly connectionString: string) {
    this.client = EventStoreDBClient.connectionString(connectionString);
  }

  /** A stream nobody has written. */
  newStream(category = 'contract'): string {
    this.streams += 1;
    return `${category}-${this.run}-${this.streams}`;
  }

  append(
    stream: string,
    events: EventData | EventData[],
    { expect = 'any', call = 'BatchAppend' }: { expect?: Expected; call?: AppendCall } = {},
  ): Promise<AppendResult> {
    return this.client.appendToStream(stream, events, {
      expectedRevision: expect,
      ...(call === 'Append' ? { credentials: ANY_CREDENTIALS } : {}),
    });
  }

  /** A new stream of so many notes. */
  async streamOf(count: number): Promise<string> {
    const stream = this.newStream();
    await this.append(stream, notes(count), { expect: 'no_stream' });
    return stream;
  }

  async read(stream: string, options: ReadStreamOptions = {}): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const { event } of this.client.readStream(stream, options)) {
      if (event !== undefined) events.push(event);
    }
    return events;
  }

  async texts(stream: string, options: ReadStreamOptions = {}): Promise<string[]> {
    return (await this.read(stream, options)).map(textOf);
  }

  async revisions(stream: string, options: ReadStreamOptions = {}): Promise<bigint[]> {
    return (await this.read(stream, options)).map(({ revision }) => revision);
  }

  /** What `$all` holds from the event at a position on. */
  async allFrom(
    { position }: Pick<AppendResult, 'position'>,
    maxCount = 1000,
  ): Promise<AllStreamResolvedEvent[]> {
    if (position === undefined) throw new Error('The append was answered without a position.');
    const events: AllStreamResolvedEvent[] = [];
    for await (const event of this.client.readAll({ fromPosition: position, maxCount })) {
      events.push(event);
    }
    return events;
  }

  /** The gRPC services without the client around them, for rules about the wire itself. */
  get wire() {
    const host = /@?([^/@?]+)(?:\?|\/|$)/.exec(this.connectionString.replace(/^.*:\/\//, ''))?.[1];
    const address = host ?? '127.0.0.1:2113';
    return {
      streams: new streamsService.StreamsClient(address, credentials.createInsecure()),
      gossip: new gossipService.GossipClient(address, credentials.createInsecure()),
      features: new serverFeaturesService.ServerFeaturesClient(
        address,
        credentials.createInsecure(),
      ),
    };
  }

  /** The version the server says it has, as major and minor number. */
  version(): Promise<readonly [number, number]> {
    const { features, gossip, streams } = this.wire;
    gossip.close();
    streams.close();
    return new Promise((resolve, reject) => {
      features.getSupportedMethods(new shared.Empty(), (error, methods) => {
        features.close();
        if (error !== null) return reject(error);
        const [major = '0', minor = '0'] = methods.getEventStoreServerVersion().split('.');
        resolve([Number.parseInt(major, 10), Number.parseInt(minor, 10)]);
      });
    });
  }

  async dispose(): Promise<void> {
    // Client 6.2.1 waits for ever for a read that was left half way, so it is not waited for.
    await Promise.race([this.client.dispose(), giveUpAfter(DISPOSED_WITHIN_MS)]);
  }
}

/** How a family of rules gets at the store: known only once the tests run. */
export type Store = () => EventStoreUnderTest;

/** What a promise was rejected with. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('It was expected to fail and did not.');
}

/** The error of a certain class that a promise was rejected with. */
export async function failureOf<T extends Error>(
  promise: Promise<unknown>,
  // The client's error classes have no constructor in common.
  kind: abstract new (...args: never[]) => T,
): Promise<T> {
  const error = await errorOf(promise);
  if (error instanceof kind) return error;
  throw new Error(`Expected ${kind.name}, got ${String(error)}`, { cause: error });
}
