import streamsMessages, { type ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { makeFilter, type EventFilter } from './filters.js';
import type { Direction } from './revision-range.js';
import { invalidArgument } from './wire-errors.js';

export interface FilterRequest {
  readonly matches: EventFilter;
  /** After how many events looked at a subscriber hears how far the search has come. */
  readonly checkpointEvery: number;
}

interface ReadOptions {
  readonly direction: Direction;
  readonly resolveLinks: boolean;
  readonly structuredIds: boolean;
  /** The largest number of events to send; null for a subscription. */
  readonly count: number | null;
  /** Whether to say where the stream begins and ends, which newer clients ask for. */
  readonly wantsBounds: boolean;
}

export interface StreamReadRequest extends ReadOptions {
  readonly stream: string;
  readonly from: number | 'start' | 'end';
}

export interface AllReadRequest extends ReadOptions {
  readonly from: number | 'start' | 'end';
  readonly filter: FilterRequest | null;
}

export type ReadRequest =
  | { readonly of: 'stream'; readonly request: StreamReadRequest }
  | { readonly of: 'all'; readonly request: AllReadRequest };

/** How many events one pass may look at when the reader names no window. */
const DEFAULT_SEARCH_WINDOW = 32;

const numberOf = (text: string): number => Number(text);

/** Turns the request into one of the combinations the server serves. @throws WireError for any other */
export function parseReadRequest(message: ReadReq): ReadRequest {
  const options = message.getOptions();
  if (options === undefined) throw invalidArgument('The read has no options.');
  const shared = parseShared(options);
  const filter = options.getFilter();
  const stream = options.getStream();
  if (filter === undefined && !options.hasNoFilter()) {
    throw invalidArgument('The read says neither a filter nor that it has none.');
  }
  if (stream !== undefined) {
    if (filter !== undefined) throw invalidArgument('A read of one stream takes no filter.');
    return { of: 'stream', request: { ...shared, ...parseStreamPart(stream) } };
  }
  const all = options.getAll();
  if (all === undefined) throw invalidArgument('The read names neither a stream nor $all.');
  const from = parseAllPosition(all);
  const wanted = filter === undefined ? null : parseFilter(filter, options.hasSubscription());
  return { of: 'all', request: { ...shared, from, filter: wanted } };
}

function parseShared(options: ReadReq.Options): ReadOptions {
  if (!options.hasCount() && !options.hasSubscription()) {
    throw invalidArgument('The read has neither a count nor the wish to follow.');
  }
  const backwards =
    options.getReadDirection() === streamsMessages.ReadReq.Options.ReadDirection.BACKWARDS;
  if (options.hasSubscription() && backwards) {
    throw invalidArgument('A subscription only goes forwards.');
  }
  const uuid = options.getUuidOption();
  if (uuid === undefined) throw invalidArgument('The read does not say how to send ids.');
  return {
    direction: backwards ? 'backwards' : 'forwards',
    resolveLinks: options.getResolveLinks(),
    structuredIds: uuid.hasStructured(),
    count: options.hasSubscription() ? null : numberOf(options.getCount()),
    wantsBounds: (options.getControlOption()?.getCompatibility() ?? 0) >= 1,
  };
}

function parseStreamPart(
  stream: ReadReq.Options.StreamOptions,
): Pick<StreamReadRequest, 'stream' | 'from'> {
  const name = Buffer.from(stream.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();
  if (name === '') throw invalidArgument('The stream has no name.');
  if (stream.hasStart()) return { stream: name, from: 'start' };
  if (stream.hasEnd()) return { stream: name, from: 'end' };
  if (stream.hasRevision()) return { stream: name, from: numberOf(stream.getRevision()) };
  throw invalidArgument('The read does not say where to start.');
}

function parseAllPosition(all: ReadReq.Options.AllOptions): number | 'start' | 'end' {
  if (all.hasStart()) return 'start';
  if (all.hasEnd()) return 'end';
  const position = all.getPosition();
  if (position === undefined) throw invalidArgument('The read does not say where to start.');
  const commit = numberOf(position.getCommitPosition());
  if (commit < numberOf(position.getPreparePosition())) {
    throw invalidArgument('The commit position is before the prepare position.');
  }
  return commit;
}

function parseFilter(filter: ReadReq.Options.FilterOptions, follows: boolean): FilterRequest {
  const byStream = filter.getStreamIdentifier();
  const expression = byStream ?? filter.getEventType();
  if (expression === undefined) throw invalidArgument('The filter names no field.');
  if (follows && filter.getCheckpointintervalmultiplier() === 0) {
    throw invalidArgument('The checkpoint interval multiplier must be greater than 0.');
  }
  if (!filter.hasMax() && !filter.hasCount()) throw invalidArgument('The filter has no window.');
  const window = filter.hasMax() ? filter.getMax() : DEFAULT_SEARCH_WINDOW;
  if (window === 0) throw invalidArgument('The search window must be greater than 0.');
  const matches = makeFilter({
    on: byStream === undefined ? 'type' : 'stream',
    regex: expression.getRegex(),
    prefixes: expression.getPrefixList(),
  });
  return { matches, checkpointEvery: window * filter.getCheckpointintervalmultiplier() };
}
