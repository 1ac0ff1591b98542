import type { FilterExpression } from '../filters.js';

export type ConsumerStrategy = 'RoundRobin' | 'DispatchToSingle' | 'Pinned' | 'PinnedByCorrelation';

/** How a group treats its messages and its consumers; every number has the meaning it has on the server. */
export interface GroupSettings {
  readonly resolveLinks: boolean;
  readonly extraStatistics: boolean;
  readonly maxRetryCount: number;
  readonly minCheckpointCount: number;
  readonly maxCheckpointCount: number;
  /** 0 sets no limit. */
  readonly maxSubscriberCount: number;
  readonly liveBufferSize: number;
  readonly readBatchSize: number;
  readonly historyBufferSize: number;
  /** 0 waits for ever. */
  readonly messageTimeoutMs: number;
  readonly checkpointAfterMs: number;
  readonly strategy: ConsumerStrategy;
}

/** What a group is, as it is kept over restarts. */
export interface GroupDefinition {
  /** The stream it reads, or `$all`. */
  readonly stream: string;
  readonly group: string;
  /** Where it was told to begin, in words for people. */
  readonly startFrom: string;
  /** The first message comes after this revision or position. */
  readonly startAfter: number;
  readonly filter: FilterExpression | null;
  readonly settings: GroupSettings;
}

export const ALL_STREAM = '$all';

/** The server's name for a group, of which its streams' names are made. */
export const groupId = (stream: string, group: string): string => `${stream}::${group}`;

export const checkpointStream = (id: string): string => `$persistentsubscription-${id}-checkpoint`;

export const parkedStream = (id: string): string => `$persistentsubscription-${id}-parked`;

/** What is wrong with settings, as the server says it; null when they make sense. */
export function settingsProblem(settings: GroupSettings): string | null {
  if (settings.readBatchSize >= settings.historyBufferSize) {
    return 'The read batch size must be smaller than the history buffer size.';
  }
  if (settings.minCheckpointCount > settings.maxCheckpointCount) {
    return 'The smallest checkpoint count must not be larger than the largest.';
  }
  if (settings.liveBufferSize <= 0 || settings.readBatchSize <= 0) {
    return 'Buffers and batches must hold at least one message.';
  }
  return null;
}
