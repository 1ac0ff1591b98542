import { SpanKind, TraceFlags, type Link } from '@opentelemetry/api';
import type { Event } from '../../kernel/event.js';
import type { CommandRun, CommandRunner } from '../event-store/command-runner.js';
import type { EventStore } from '../event-store/event-store.js';
import type { EventMetadata, StoredEvent } from '../event-store/stored-event.js';
import type { Projection } from '../projections/projection.js';
import type { ProjectionRegistry } from '../projections/projection-registry.js';
import type { SpanTracer } from './span-tracer.js';

// OpenTelemetry keeps 128 links of a span; a batch may hold events of more traces.
const MOST_LINKS = 128;

const contextIn = ({ traceId, spanId }: EventMetadata) =>
  traceId === null || spanId === undefined
    ? null
    : { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };

const categoryOf = (streamName: string): string => streamName.split('-', 1)[0] ?? streamName;

/** Makes a span of every append, and remembers what was last written to each stream that is read. */
export function traceAppends(store: EventStore, tracer: SpanTracer): void {
  const append = store.append.bind(store);
  const readStream = store.readStream.bind(store);

  store.append = (streamName, expected, events) => {
    const attributes = {
      'db.system.name': 'eventstoredb',
      'db.collection.name': streamName,
      'constancia.events': events.map(({ type }) => type),
    };
    const details = { kind: SpanKind.CLIENT, attributes };
    return tracer.span(`append ${categoryOf(streamName)}`, details, () =>
      append(streamName, expected, events),
    );
  };
  store.readStream = async (streamName) => {
    const events = await readStream(streamName);
    const last = events.at(-1);
    const context = last === undefined ? null : contextIn(last.metadata);
    if (context !== null) tracer.remember(streamName, context);
    return events;
  };
}

/** Makes a span of every command, linked to what last happened to its stream, and names it in the events it writes. */
export function traceCommands(runner: CommandRunner, tracer: SpanTracer): void {
  const run = runner.run.bind(runner);

  runner.run = <State, E extends Event, Code extends string>(
    command: CommandRun<State, E, Code>,
  ) => {
    const { streamName, context } = command;
    const attributes = { 'constancia.stream': streamName, 'constancia.actor': context.actor };
    const details = { attributes, links: tracer.linksTo(streamName) };
    return tracer.span(`command ${categoryOf(streamName)}`, details, async (span) => {
      const { traceId, spanId } = span.spanContext();
      const done = await run({ ...command, context: { ...context, traceId, spanId } });
      if (done.appended) tracer.remember(streamName, span.spanContext());
      span.setAttribute('constancia.appended', done.appended);
      return done;
    });
  };
}

/** Makes a span of every batch that a read model applies, linked to the steps that wrote its events. */
export function traceProjections(registry: ProjectionRegistry, tracer: SpanTracer): void {
  const register = registry.register.bind(registry);
  registry.register = (projection) => register(traced(projection, tracer));
}

function traced(projection: Projection, tracer: SpanTracer): Projection {
  const apply = projection.apply.bind(projection);
  projection.apply = (tx, events) => {
    const attributes = {
      'constancia.projection': projection.name,
      'constancia.events': events.length,
    };
    const details = { kind: SpanKind.CONSUMER, attributes, links: linksTo(events) };
    return tracer.span(`project ${projection.name}`, details, () => apply(tx, events));
  };
  return projection;
}

function linksTo(events: readonly StoredEvent[]): Link[] {
  const links = new Map<string, Link>();
  for (const { metadata } of events) {
    const context = contextIn(metadata);
    if (context !== null) links.set(context.spanId, { context });
  }
  return [...links.values()].slice(-MOST_LINKS);
}
