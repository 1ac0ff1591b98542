import type {
  CreateReq,
  ReadReq,
  UpdateReq,
} from '@eventstore/db-client/generated/persistent_pb.js';
import type { EventLog } from '../event-log.js';
import type { FilterExpression } from '../filters.js';
import { invalidArgument } from '../wire-errors.js';
import type { NackAction } from './group.js';
import {
  ALL_STREAM,
  type ConsumerStrategy,
  type GroupDefinition,
  type GroupSettings,
} from './group-settings.js';
import { sourceOf } from './group-source.js';

/** The deprecated field for a start says END by the largest 64-bit number. */
const END_REVISION = '18446744073709551615';

const TICKS_PER_MS = 10_000;

const NAMED_STRATEGIES: readonly ConsumerStrategy[] = ['DispatchToSingle', 'RoundRobin', 'Pinned'];
const STRATEGIES: readonly ConsumerStrategy[] = [...NAMED_STRATEGIES, 'PinnedByCorrelation'];

const NACK_ACTIONS: readonly NackAction[] = ['unknown', 'park', 'retry', 'skip', 'stop'];

type Options = CreateReq.Options | UpdateReq.Options;
type Start = number | 'start' | 'end';

export const nameOf = (identifier: { getStreamName_asU8(): Uint8Array } | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');

/** The stream that a request is about. @throws WireError when it names none */
export function streamOf(options: {
  hasAll(): boolean;
  getStreamIdentifier(): { getStreamName_asU8(): Uint8Array } | undefined;
}): string {
  const stream = options.hasAll() ? ALL_STREAM : nameOf(options.getStreamIdentifier());
  if (stream === '') throw invalidArgument('The request names no stream.');
  return stream;
}

/** @throws WireError when the request does not say what group it means */
export function parseDefinition(log: EventLog, options: Options | undefined): GroupDefinition {
  if (options === undefined) throw invalidArgument('The request has no options.');
  const stream = options.hasStream()
    ? nameOf(options.getStream()?.getStreamIdentifier())
    : streamOf(options);
  const from = parseStart(options);
  const filter = parseFilter(options);
  return {
    stream,
    group: options.getGroupName(),
    startFrom: String(from),
    startAfter: placeBefore(from, () => sourceOf(log, { stream, filter }).lastPlace()),
    filter,
    settings: parseSettings(options),
  };
}

const placeBefore = (from: Start, lastPlace: () => number): number => {
  if (from === 'start') return -1;
  return from === 'end' ? lastPlace() : from - 1;
};

function parseStart(options: Options): Start {
  const chosen = options.getAll() ?? options.getStream();
  if (chosen?.hasStart() === true) return 'start';
  if (chosen?.hasEnd() === true) return 'end';
  const position = options.getAll()?.getPosition();
  if (position !== undefined) return Number(position.getCommitPosition());
  return parseRevision(options.getStream()?.getRevision() ?? deprecatedStart(options));
}

/** Client 6.2.1 still says where to start a group on one stream among its settings. */
const deprecatedStart = (options: Options): string => options.getSettings()?.getRevision() ?? '0';

function parseRevision(revision: string): Start {
  if (revision === END_REVISION) return 'end';
  return revision === '0' ? 'start' : Number(revision);
}

function parseFilter(options: Options): FilterExpression | null {
  const all = options.getAll();
  if (all === undefined || !('getFilter' in all)) return null;
  const filter = all.getFilter();
  const byStream = filter?.getStreamIdentifier();
  const expression = byStream ?? filter?.getEventType();
  if (expression === undefined) return null;
  return {
    on: byStream === undefined ? 'type' : 'stream',
    regex: expression.getRegex(),
    prefixes: expression.getPrefixList(),
  };
}

function parseSettings(options: Options): GroupSettings {
  const settings = options.getSettings();
  if (settings === undefined) throw invalidArgument('The group has no settings.');
  return {
    resolveLinks: settings.getResolveLinks(),
    extraStatistics: settings.getExtraStatistics(),
    maxRetryCount: settings.getMaxRetryCount(),
    minCheckpointCount: settings.getMinCheckpointCount(),
    maxCheckpointCount: settings.getMaxCheckpointCount(),
    maxSubscriberCount: settings.getMaxSubscriberCount(),
    liveBufferSize: settings.getLiveBufferSize(),
    readBatchSize: settings.getReadBatchSize(),
    historyBufferSize: settings.getHistoryBufferSize(),
    messageTimeoutMs: settings.hasMessageTimeoutMs()
      ? settings.getMessageTimeoutMs()
      : Number(settings.getMessageTimeoutTicks()) / TICKS_PER_MS,
    checkpointAfterMs: settings.hasCheckpointAfterMs()
      ? settings.getCheckpointAfterMs()
      : Number(settings.getCheckpointAfterTicks()) / TICKS_PER_MS,
    strategy: parseStrategy(settings),
  };
}

function parseStrategy(settings: CreateReq.Settings | UpdateReq.Settings): ConsumerStrategy {
  const text = 'getConsumerStrategy' in settings ? settings.getConsumerStrategy() : '';
  const byName = STRATEGIES.find((strategy) => strategy === text);
  return byName ?? NAMED_STRATEGIES[settings.getNamedConsumerStrategy()] ?? 'RoundRobin';
}

export const parseNack = (nack: ReadReq.Nack): NackAction =>
  NACK_ACTIONS[nack.getAction()] ?? 'unknown';
