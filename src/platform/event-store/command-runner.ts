import type { Decision } from '../../kernel/rejection.js';
import type { Event } from '../../kernel/event.js';

/** How a stream's events become the state that decisions look at. */
export interface Aggregate<State, E extends Event> {
  readonly initialState: State;
  readonly evolve: (state: State, event: E) => State;
}

/** Who asks, and within what; becomes the metadata of every event the command writes. */
export interface CommandContext {
  readonly actor: string;
  readonly requestId: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly traceId: string | null;
  /** The step of the trace that runs the command, where traces are made. */
  readonly spanId?: string;
  /** Told where in the log the stream ends after the command, whether it wrote now or had written before. */
  readonly onPosition?: (position: bigint) => void;
}

export interface CommandRun<State, E extends Event, Code extends string> {
  readonly streamName: string;
  readonly aggregate: Aggregate<State, E>;
  /**
   * Names the command; event ids derive from it, so a repeat of the same command writes nothing twice. Two commands
   * that may differ in content need two ids: the store takes an append with known ids as done already, unread.
   */
  readonly commandId: string;
  readonly context: CommandContext;
  /** Hash of what is asked for: the same command id with another one is refused. */
  readonly fingerprint?: string;
  readonly decide: (state: State) => Decision<E, Code> | Promise<Decision<E, Code>>;
  /** Tries to append as the first event without reading; reads only if the stream turns out to exist. */
  readonly assumeNew?: boolean;
}

/** Somebody used the name of an earlier command for something else. */
export class CommandIdReused extends Error {
  override name = 'CommandIdReused';
}

export interface CommandResult<State> {
  readonly state: State;
  /** Revision of the stream after the command; null when it has no event. */
  readonly revision: bigint | null;
  /** Position of the stream's last event, for reading one's own writes; null when there is none. */
  readonly position: bigint | null;
  /** False when the decision accepted without new facts (a replay). */
  readonly appended: boolean;
}

/** Load, decide, append with the expected revision; re-reads on conflict, at most three times. */
export abstract class CommandRunner {
  /**
   * @throws RuleViolation          the decision refused
   * @throws CommandIdReused        the command id stands for other content
   * @throws StreamConflict         still contended after three tries
   * @throws EventStoreUnavailable
   */
  abstract run<State, E extends Event, Code extends string>(
    run: CommandRun<State, E, Code>,
  ): Promise<CommandResult<State>>;

  /** The state of a stream without writing; `revision` is null when there is none. @throws EventStoreUnavailable */
  abstract load<State, E extends Event>(
    streamName: string,
    aggregate: Aggregate<State, E>,
  ): Promise<{ readonly state: State; readonly revision: bigint | null }>;
}
