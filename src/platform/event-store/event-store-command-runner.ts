import type { Event } from '../../kernel/event.js';
import { uuidFrom } from '../../kernel/ids.js';
import { RuleViolation, type Decision } from '../../kernel/rejection.js';
import { AggregateCache, type LoadedStream } from './aggregate-cache.js';
import {
  CommandIdReused,
  CommandRunner,
  type Aggregate,
  type CommandResult,
  type CommandRun,
} from './command-runner.js';
import { sealedMetadata } from './event-hash.js';
import { StreamConflict, type EventStore, type EventToAppend } from './event-store.js';

// Contention on one stream is between a few requests and one worker: three tries see the winner's facts.
const TRIES = 3;
// About a kilobyte each; enough for every claim in flight on a busy minute.
const CACHED_STREAMS = 5_000;
// A slot that saw thousands of rows is read each time rather than kept with all its ids.
const CACHED_STREAM_EVENTS = 200;

/** Runs commands against the log: pure decisions, optimistic appends, a hash chain per stream. */
export class EventStoreCommandRunner extends CommandRunner {
  private readonly cache: AggregateCache;

  constructor(
    private readonly store: EventStore,
    cachedStreams = CACHED_STREAMS,
  ) {
    super();
    this.cache = new AggregateCache(cachedStreams);
  }

  async run<State, E extends Event, Code extends string>(
    run: CommandRun<State, E, Code>,
  ): Promise<CommandResult<State>> {
    // What a caller asked for under this name is known for certain only from the log.
    let fresh = run.fingerprint !== undefined;
    for (let tries = 1; ; tries += 1) {
      const remembered = fresh ? null : this.recall(run);
      const loaded = remembered ?? (await this.read(run.streamName, run.aggregate));
      const outcome = await this.attempt(run, loaded);
      if (outcome !== 'stale') {
        if (outcome.position !== null) run.context.onPosition?.(outcome.position);
        return outcome;
      }
      // What was assumed or remembered is never trusted twice.
      if (fresh && tries >= TRIES) throw new StreamConflict(run.streamName);
      fresh = true;
    }
  }

  async load<State, E extends Event>(
    streamName: string,
    aggregate: Aggregate<State, E>,
  ): Promise<{ readonly state: State; readonly revision: bigint | null }> {
    const { state, revision } = await this.read(streamName, aggregate);
    return { state, revision };
  }

  /** What may be tried without reading; null when nothing is known of the stream. */
  private recall<State, E extends Event, Code extends string>({
    streamName,
    aggregate,
    assumeNew,
  }: CommandRun<State, E, Code>): Look<State> | null {
    const remembered = this.cache.get(streamName, aggregate);
    if (remembered !== null) return { ...remembered, certain: false };
    return assumeNew === true ? assumedNew(aggregate) : null;
  }

  /** One try: `stale` when the stream turned out to be elsewhere than this look says. */
  private async attempt<State, E extends Event, Code extends string>(
    run: CommandRun<State, E, Code>,
    look: Look<State>,
  ): Promise<CommandResult<State> | 'stale'> {
    const { state, revision, position } = look;
    const nothingWritten = { state, revision, position, appended: false };
    if (look.eventIds.size > 0 && hasRun(run, look)) return nothingWritten;
    const decision: Decision<E, Code> = await run.decide(look.state);
    const events = decision.outcome === 'accepted' ? decision.events : [];
    // Without an append nothing would notice that the state was not the latest: look for certain first.
    if (events.length === 0 && !look.certain) return 'stale';
    if (decision.outcome === 'rejected') throw new RuleViolation(decision);
    if (events.length === 0) return nothingWritten;
    try {
      return await this.append(run, look, events);
    } catch (error) {
      // Whatever happened, this process no longer knows where the stream is.
      this.cache.forget(run.streamName);
      if (error instanceof StreamConflict) return 'stale';
      throw error;
    }
  }

  private async append<State, E extends Event, Code extends string>(
    run: CommandRun<State, E, Code>,
    look: Look<State>,
    events: readonly E[],
  ): Promise<CommandResult<State>> {
    const { streamName, aggregate } = run;
    const { toAppend, lastHash } = chain(events, look, run);
    const appended = await this.store.append(streamName, look.revision ?? 'no_stream', toAppend);
    const after: LoadedStream<State> =
      appended.retried || run.fingerprint !== undefined
        ? // The bytes of the first try stand, and they may have been written by an earlier run of this command.
          await this.readOwn(run)
        : {
            state: events.reduce(aggregate.evolve, look.state),
            revision: appended.revision,
            position: appended.position,
            lastHash,
            // None has a fingerprint, else the stream were read.
            eventIds: withIds(look.eventIds, toAppend, () => null),
          };
    // Only a command that just got its name is nobody else's. Another process may have run any other one first, and the
    // store does not say so: its bytes stand then, and the next event must name their hash, not that of ours.
    if (run.assumeNew === true) this.remember(streamName, aggregate, after);
    else this.cache.forget(streamName);
    return {
      state: after.state,
      revision: after.revision,
      position: appended.position,
      appended: true,
    };
  }

  /** The stream after an append that others may have made before. */
  private async readOwn<State, E extends Event, Code extends string>(
    run: CommandRun<State, E, Code>,
  ): Promise<Look<State>> {
    const look = await this.read(run.streamName, run.aggregate);
    hasRun(run, look);
    return look;
  }

  private async read<State, E extends Event>(
    streamName: string,
    aggregate: Aggregate<State, E>,
  ): Promise<Look<State>> {
    const events = await this.store.readStream(streamName);
    const last = events.at(-1);
    const look: Look<State> = {
      state: events.reduce(
        (state, { type, data }) => aggregate.evolve(state, { type, data } as E),
        aggregate.initialState,
      ),
      revision: last?.revision ?? null,
      position: last?.position ?? null,
      lastHash: last?.hash ?? null,
      eventIds: withIds(NO_IDS, events, ({ metadata }) => metadata.fingerprint ?? null),
      certain: true,
    };
    this.remember(streamName, aggregate, look);
    return look;
  }

  private remember<State, E extends Event>(
    streamName: string,
    aggregate: Aggregate<State, E>,
    loaded: LoadedStream<State>,
  ): void {
    const { state, revision, position, lastHash, eventIds } = loaded;
    if (revision === null || eventIds.size > CACHED_STREAM_EVENTS) this.cache.forget(streamName);
    else this.cache.put(streamName, aggregate, { state, revision, position, lastHash, eventIds });
  }
}

/** A stream, and whether the log itself was just asked. */
interface Look<State> extends LoadedStream<State> {
  readonly certain: boolean;
}

const NO_IDS: ReadonlyMap<string, string | null> = new Map();

const assumedNew = <State, E extends Event>({
  initialState,
}: Aggregate<State, E>): Look<State> => ({
  state: initialState,
  revision: null,
  position: null,
  lastHash: null,
  eventIds: NO_IDS,
  certain: false,
});

type ChainedBy = 'streamName' | 'commandId' | 'context' | 'fingerprint';

/** The fingerprint of each event by its id. */
function withIds<E extends { readonly eventId: string }>(
  before: ReadonlyMap<string, string | null>,
  events: readonly E[],
  fingerprintOf: (event: E) => string | null,
): ReadonlyMap<string, string | null> {
  const ids = new Map(before);
  for (const event of events) ids.set(event.eventId, fingerprintOf(event));
  return ids;
}

/** True when the command has run already. @throws CommandIdReused when it asked for something else then */
function hasRun(
  { commandId, fingerprint }: Pick<CommandRun<never, never, never>, ChainedBy>,
  { eventIds }: Pick<LoadedStream<unknown>, 'eventIds'>,
): boolean {
  const recorded = eventIds.get(eventIdOf(commandId, 0));
  if (recorded === undefined) return false;
  if (recorded !== null && fingerprint !== undefined && recorded !== fingerprint) {
    throw new CommandIdReused();
  }
  return true;
}

const eventIdOf = (commandId: string, index: number): string => uuidFrom(commandId, String(index));

/** Gives events their ids and checksums and links each to the bytes of the one before. */
function chain(
  events: readonly Event[],
  after: Pick<LoadedStream<unknown>, 'lastHash' | 'revision'>,
  { streamName, commandId, context, fingerprint }: Pick<CommandRun<never, never, never>, ChainedBy>,
): { readonly toAppend: readonly EventToAppend[]; readonly lastHash: string | null } {
  let { lastHash } = after;
  let revision = after.revision ?? -1n;
  const toAppend = events.map(({ type, data }, index) => {
    const eventId = eventIdOf(commandId, index);
    revision += 1n;
    const { spanId } = context;
    const covered = {
      actor: context.actor,
      requestId: context.requestId,
      $correlationId: context.correlationId,
      $causationId: context.causationId,
      traceId: context.traceId,
      previousHash: lastHash,
      ...(spanId === undefined ? null : { spanId }),
      ...(fingerprint === undefined ? null : { fingerprint }),
    };
    const stored = { streamName, revision, eventId, type, data: JSON.stringify(data) };
    const { metadata, hash } = sealedMetadata(stored, covered);
    lastHash = hash;
    return { eventId, type, data: stored.data, metadata };
  });
  return { toAppend, lastHash };
}
