import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Link,
  type Span,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { AsyncLocalStorage } from 'node:async_hooks';
import { RuleViolation } from '../../kernel/rejection.js';
import { VERSION } from '../build.js';
import { requestScope } from '../logging/request-scope.js';
import { RecentMap } from '../../kernel/recent-map.js';
import { configuredHostLookup } from '../network/configured-hosts.js';
import { TailSampling } from './tail-sampling.js';
import type { TracingConfig } from './tracing.config.js';

export interface SpanDetails {
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  readonly links?: Link[];
  /** Where the caller's own trace stands, when the call came from outside. */
  readonly parent?: SpanContext | null;
}

const EXPORT_EVERY_MS = 1_000;
const EXPORT_WITHIN_MS = 5_000;
// The last step of this many streams can be linked to; older ones begin without a link.
const REMEMBERED_STREAMS = 10_000;

/** Makes spans. It keeps to itself: nothing global is set, so that two in one process do not meet. */
export class SpanTracer {
  private readonly active = new AsyncLocalStorage<Span>();
  private readonly lastOfStream = new RecentMap<string, SpanContext>(REMEMBERED_STREAMS);
  private readonly provider: TracerProvider;
  private readonly tracer: Tracer;

  constructor(config: TracingConfig, roles: readonly string[]) {
    const authorization = config.authorization.reveal();
    const exporter = new OTLPTraceExporter({
      url: config.url,
      headers: authorization === '' ? {} : { authorization },
      timeoutMillis: EXPORT_WITHIN_MS,
      httpAgentOptions: { keepAlive: true, lookup: configuredHostLookup(config.privateNetwork) },
    });
    const batches = new BatchSpanProcessor({
      exporter,
      scheduledDelayMillis: EXPORT_EVERY_MS,
      exportTimeoutMillis: EXPORT_WITHIN_MS,
    });
    const resource = resourceFromAttributes({
      'service.name': 'constancia',
      'service.version': VERSION,
      'constancia.roles': [...roles],
    });
    const { samplePercent: percent, slowMs, slowVerdictSeconds } = config;
    const sampling = new TailSampling(batches, { percent, slowMs, slowVerdictSeconds });
    this.provider = new TracerProvider({ resource, spanProcessors: [sampling] });
    this.tracer = this.provider.getTracer('constancia', VERSION);
  }

  /** The span in which the running code is. */
  current(): Span | undefined {
    return this.active.getStore();
  }

  /** A span that its caller ends; a child of the current one unless it has a parent elsewhere. */
  start(name: string, { kind, attributes, links, parent }: SpanDetails = {}): Span {
    const current = parent ?? this.current()?.spanContext();
    const context =
      current === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, current);
    const options = { kind: kind ?? SpanKind.INTERNAL, attributes: attributes ?? {} };
    return this.tracer.startSpan(name, { ...options, links: links ?? [] }, context);
  }

  /** Runs code in a span without ending it. Its log lines name the trace, also where no request is behind them. */
  within<T>(span: Span, work: () => T): T {
    if (requestScope.getStore() !== undefined) return this.active.run(span, work);
    const { traceId } = span.spanContext();
    return requestScope.run({ trace_id: traceId }, () => this.active.run(span, work));
  }

  /** Runs work in a span of its own; a refusal of the business is an answer, everything else that is thrown an error. */
  async span<T>(name: string, details: SpanDetails, work: (span: Span) => Promise<T>): Promise<T> {
    const span = this.start(name, details);
    try {
      return await this.within(span, () => work(span));
    } catch (error) {
      if (error instanceof RuleViolation) {
        span.setAttribute('constancia.refused', error.rejection.code);
      } else {
        // The name only: messages may hold what callers sent.
        const message = error instanceof Error ? error.name : 'unknown';
        span.setStatus({ code: SpanStatusCode.ERROR, message });
      }
      throw error;
    } finally {
      span.end();
    }
  }

  /** Where a stream was last written or read from, for a link to what comes next. */
  remember(streamName: string, context: SpanContext): void {
    this.lastOfStream.set(streamName, context);
  }

  /** Links to the last known step of a stream, unless that is in the trace at hand already. */
  linksTo(streamName: string): Link[] {
    const context = this.lastOfStream.get(streamName);
    const here = this.current()?.spanContext().traceId;
    return context === undefined || context.traceId === here ? [] : [{ context }];
  }

  /** Sends what is left. */
  close(): Promise<void> {
    return this.provider.shutdown();
  }
}
