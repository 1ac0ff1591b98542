import {
  AppendRefused,
  EventStoreUnavailable,
  StreamConflict,
  type EventToAppend,
  type ExpectedRevision,
} from './event-store.js';

/** What the thread is started with. */
export interface AppendThreadOptions {
  readonly url: string;
  readonly timeoutMs: number | undefined;
}

/** One append, as it is handed to the thread: a flat list, since every object and every name in it costs. */
export type AskedAppend = readonly [
  id: number,
  streamName: string,
  expected: ExpectedRevision,
  ...texts: readonly string[],
];

type Failure = 'conflict' | 'unavailable' | 'refused';

/** How one append ended, as it is handed back. Errors would lose their class on the way. */
export type AnsweredAppend =
  | readonly [id: number, revision: bigint, position: bigint, retried: boolean]
  | readonly [id: number, failure: Failure, message: string];

/** To the thread: some appends, or the wish that it ends. */
export type ToThread = readonly AskedAppend[] | 'close';
/** From the thread: answers, or that all is closed. */
export type FromThread = readonly AnsweredAppend[] | 'closed';

/** The texts of events, one event after the other. */
export const packed = (events: readonly EventToAppend[]): readonly string[] =>
  events.flatMap(({ eventId, type, data, metadata }) => [eventId, type, data, metadata]);

const TEXTS = 4;

export const unpacked = (texts: readonly string[]): readonly EventToAppend[] =>
  Array.from({ length: texts.length / TEXTS }, (_, index) => {
    const [eventId = '', type = '', data = '', metadata = ''] = texts.slice(index * TEXTS);
    return { eventId, type, data, metadata };
  });

export function failureOf(error: unknown): readonly [failure: Failure, message: string] {
  if (error instanceof StreamConflict) return ['conflict', ''];
  if (error instanceof AppendRefused) return ['refused', error.message];
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return ['unavailable', String(cause)];
}

export function errorOf(failure: Failure, message: string, streamName: string): Error {
  if (failure === 'conflict') return new StreamConflict(streamName);
  if (failure === 'refused') return new AppendRefused(message);
  return new EventStoreUnavailable('the event store cannot be reached', { cause: message });
}
